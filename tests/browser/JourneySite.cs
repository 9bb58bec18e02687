using System.Net.Http.Headers;
using HmsMesh.Capacity;
using HmsMesh.Journey;
using HmsMesh.Kit.Tests;
using HmsMesh.Testing;
using Microsoft.Playwright;

namespace HmsMesh.Browser.Tests;

/// <summary>The journey page on an in-process mesh, and a real browser to look at it.</summary>
public sealed class JourneySite : IAsyncLifetime
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);
    private TestIssuer? _issuer;
    private Chromium? _chromium;

    public InProcessMesh Mesh { get; private set; } = null!;

    public string Address => Mesh.Address("journey").ToString();

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Program is null)
            return;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        _issuer = await TestIssuer.StartAsync();
        var mesh = InProcessMesh.StartAsync(m => m.Add<CapacityService>().Add<JourneyService>().Setting("Auth:Issuer", _issuer.Address), limit.Token);
        _chromium = await Chromium.StartAsync();
        Mesh = await mesh;
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (Mesh is not null)
            await Mesh.DisposeAsync();
        if (_issuer is not null)
            await _issuer.DisposeAsync();
    }

    /// <summary>A client of capacity who may change it.</summary>
    public HttpClient Operator()
    {
        var client = Mesh.Client("capacity");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _issuer!.Mint("capacity", "capacity.write", "cole"));
        return client;
    }

    /// <summary>A page in a browser context of its own, on the journey's address, with whatever it complains about. Skips the test
    /// where there is no browser.</summary>
    public async Task<JourneyPage> OpenAsync(BrowserNewContextOptions? options = null)
    {
        var page = await Chromium.PageAsync(_chromium, options);
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(Address);
        return new JourneyPage(page, complaints);
    }

    /// <summary>Publishes, and returns when journey has handled it.</summary>
    public async Task SayAsync(string topic, string? facility)
    {
        var bedsFree = topic.EndsWith("low", StringComparison.Ordinal) ? 4 : 48;
        var id = await Mesh.PublishAsync(topic, facility is null ? (object)new { bedsFree } : new { facility, bedsFree });
        await Mesh.Handled("journey", id, Soon);
    }
}

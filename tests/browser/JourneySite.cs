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
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private TestIssuer? _issuer;

    public InProcessMesh Mesh { get; private set; } = null!;

    public string Address => Mesh.Address("journey").ToString();

    private static string? Chromium => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Chromium is null)
            return;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        _issuer = await TestIssuer.StartAsync();
        var mesh = InProcessMesh.StartAsync(m => m.Add<CapacityService>().Add<JourneyService>().Setting("Auth:Issuer", _issuer.Address), limit.Token);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
        Mesh = await mesh;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
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
        Assert.SkipWhen(_browser is null, "No Chromium is installed here (Debian: apt install chromium).");
        var context = await _browser.NewContextAsync(options ?? new());
        context.SetDefaultTimeout((float)Soon.TotalMilliseconds);
        var page = await context.NewPageAsync();
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

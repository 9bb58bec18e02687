using System.Text.Json;
using HmsMesh.Browser.Tests.Portal;
using HmsMesh.EndToEnd.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HmsMesh.Browser.Tests.Payout;

/// <summary>Everything as `./mesh up` runs it, and real browsers for the people who use it.</summary>
public sealed class PayoutSite : IAsyncLifetime
{
    private Chromium? _chromium;
    private string _password = "";

    internal Mesh Mesh { get; private set; } = null!;

    internal string Address { get; private set; } = "";

    /// <summary>Where Node is missing, the notifier is skipped, and nobody is mailed.</summary>
    internal bool HasNotifier { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Program is null)
            return;
        await DesignPackage.FolderAsync();
        Mesh = new Mesh();
        try
        {
            await Mesh.UpAsync();
            _chromium = await Chromium.StartAsync();
            Address = (await Mesh.StatusAsync("gateway")).GetProperty("address").GetString()!.TrimEnd('/') + '/';
            _password = (await Mesh.RunAsync("token", "password")).Out.Trim();
            HasNotifier = (await Mesh.StatusAsync("notifier")).GetProperty("state").GetString() != "skipped";
        }
        catch
        {
            // A fixture that could not begin is not disposed of by the runner.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (Mesh is not null)
            await Mesh.DisposeAsync();
    }

    /// <summary>A page in a browser of its own, of someone who is not signed in.</summary>
    internal async Task<PortalPage> OpenAsync(string path, BrowserNewContextOptions? options = null)
    {
        var portal = new PortalPage(await Chromium.PageAsync(_chromium, options), Address);
        await portal.GoAsync(path);
        return portal;
    }

    /// <summary>The same, once the person has signed in by the page that asks for it.</summary>
    internal async Task<PortalPage> OpenAsync(string path, string account, BrowserNewContextOptions? options = null)
    {
        var portal = await OpenAsync(path, options);
        await portal.Page.Locator("#sign-in").ClickAsync();
        await SignInAsync(portal, account);
        await Expect(portal.Page.Locator("#sign-out")).ToBeVisibleAsync();
        await portal.ShownAsync();
        return portal;
    }

    internal async Task SignInAsync(PortalPage portal, string account, string? password = null)
    {
        await portal.Page.Locator("#username").FillAsync(account);
        await portal.Page.Locator("#password").FillAsync(password ?? _password);
        await portal.Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>The times of all events of a topic, by the clock that browsers read too.</summary>
    internal async Task<IReadOnlyList<double>> TimesAsync(string topic)
    {
        var ran = await Mesh.RunAsync("browse", topic, "--json", "--limit", "0");
        ran.Code.ShouldBe(0, ran.Error);
        return [.. ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Time(JsonElement.Parse(line)))];
    }

    private static double Time(JsonElement line)
    {
        var said = line.TryGetProperty("event", out var inner) ? inner : line;
        return (said.GetProperty("time").GetDateTimeOffset() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
    }
}

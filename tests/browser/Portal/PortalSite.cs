using HmsMesh.Gateway;
using HmsMesh.Kit;
using HmsMesh.Services.Tests.Gateway;
using HmsMesh.Testing;
using Microsoft.Playwright;

namespace HmsMesh.Browser.Tests.Portal;

/// <summary>The real gateway with its portal on an in-process mesh, and a real browser to look at it.</summary>
public class PortalSite : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal PortalStage Stage { get; } = new();

    internal GateIssuer Issuer { get; private set; } = null!;

    internal InProcessMesh Mesh { get; private set; } = null!;

    internal string Address => Mesh.Address("gateway").ToString();

    private static string? Chromium => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Chromium is null)
            return;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var look = await LookAsync();
        Issuer = await GateIssuer.StartAsync();
        Issuer.Scopes += " payments.operate audit.read capacity.write";
        var mesh = InProcessMesh.StartAsync(
            m => m.Add<GatewayService>()
                .Service("claims", s => s.TrustsTokens().Routes(Stage.MapClaims))
                .Service("journey", s => s.TrustsTokens().Routes(Stage.MapJourney))
                .Service("notifier", s => s.TrustsTokens().Routes(PortalStage.MapNotifier))
                .Service("metrics", s => s.TrustsTokens().Routes(PortalStage.MapMetrics))
                .Service("payments", s => s.TrustsTokens().Routes(Stage.MapPayments))
                .Add<Capacity.CapacityService>()
                .Add<Documents.DocumentsService>()
                .Setting("Auth:Issuer", Issuer.Address)
                .Setting("Gateway:DesignSystem", look)
                .Secret("client-gateway", GateIssuer.ClientSecret)
                .Secret("gateway-session", "a-secret-of-tests-for-sessions"),
            limit.Token);
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
        if (Issuer is not null)
            await Issuer.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The folder of the design system.</summary>
    private protected virtual Task<string> LookAsync() => DesignPackage.FolderAsync();

    /// <summary>A page in a browser context of its own. Skips the test where there is no browser.</summary>
    internal async Task<PortalPage> OpenAsync(string path = "/", BrowserNewContextOptions? options = null, bool signedIn = true)
    {
        Assert.SkipWhen(_browser is null, "No Chromium is installed here (Debian: apt install chromium).");
        var context = await _browser.NewContextAsync(options ?? new());
        context.SetDefaultTimeout((float)JourneySite.Soon.TotalMilliseconds);
        var portal = new PortalPage(await context.NewPageAsync(), Address);
        if (signedIn)
            await portal.Page.GotoAsync($"{Address}sign-in?return={Uri.EscapeDataString(path)}");
        else
            await portal.Page.GotoAsync(Address + path[1..]);
        await portal.ShownAsync();
        return portal;
    }
}

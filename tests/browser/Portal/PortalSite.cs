using HmsMesh.Gateway;
using HmsMesh.Kit;
using HmsMesh.Services.Tests.Gateway;
using HmsMesh.Testing;
using Microsoft.Playwright;

namespace HmsMesh.Browser.Tests.Portal;

/// <summary>The real gateway with its portal on an in-process mesh, and a real browser to look at it.</summary>
public class PortalSite : IAsyncLifetime
{
    private Chromium? _chromium;

    internal PortalStage Stage { get; } = new();

    internal GateIssuer Issuer { get; private set; } = null!;

    internal InProcessMesh Mesh { get; private set; } = null!;

    internal string Address => Mesh.Address("gateway").ToString();

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Program is null)
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
        _chromium = await Chromium.StartAsync();
        Mesh = await mesh;
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
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
        var page = await Chromium.PageAsync(_chromium, options);
        var portal = new PortalPage(page, Address);
        if (signedIn)
            await portal.Page.GotoAsync($"{Address}sign-in?return={Uri.EscapeDataString(path)}");
        else
            await portal.Page.GotoAsync(Address + path[1..]);
        await portal.ShownAsync();
        return portal;
    }
}

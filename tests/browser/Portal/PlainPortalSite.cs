namespace HmsMesh.Browser.Tests.Portal;

/// <summary>The portal where npm brought nothing.</summary>
public sealed class PlainPortalSite : PortalSite
{
    private protected override Task<string> LookAsync() => Task.FromResult(Path.Combine(AppContext.BaseDirectory, "no-such-folder"));
}

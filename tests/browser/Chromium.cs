using Microsoft.Playwright;

namespace HmsMesh.Browser.Tests;

/// <summary>The machine's own Chromium, or nothing.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];
    private readonly IPlaywright _playwright;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, Browser) = (playwright, browser);

    public IBrowser Browser { get; }

    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    public static async Task<Chromium> StartAsync()
    {
        // The machine may be busy; a test that waits in vain fails all the same.
        Assertions.SetDefaultExpectTimeout((float)JourneySite.Soon.TotalMilliseconds);
        var playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = ["--no-sandbox"] }));
    }

    /// <summary>Skips the test where there is no browser.</summary>
    public static async Task<IPage> PageAsync(Chromium? chromium, BrowserNewContextOptions? options = null)
    {
        Assert.SkipWhen(chromium is null, "No Chromium is installed here (Debian: apt install chromium).");
        var context = await chromium.Browser.NewContextAsync(options ?? new());
        context.SetDefaultTimeout((float)JourneySite.Soon.TotalMilliseconds);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}

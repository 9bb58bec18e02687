using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HmsMesh.Browser.Tests.Portal;

/// <summary>A walk through every page, with axe, a picture and a look at its width on each.</summary>
internal static class PortalTour
{
    private static readonly string[] Pages = ["/", "/claim", "/claims", "/payee", "/messages", "/afrh", "/metrics", "/payments", "/api-docs", "/nothing"];

    private static readonly BrowserNewContextOptions Phone = new()
    {
        ViewportSize = new() { Width = 375, Height = 812 },
        DeviceScaleFactor = 2,
        IsMobile = true,
        HasTouch = true,
    };

    public static async Task WalkAsync(PortalSite site, string look, ColorScheme scheme, bool phone, string locale)
    {
        await using var portal = await site.OpenAsync("/", new(phone ? Phone : new()) { ColorScheme = scheme, Locale = locale });
        var page = portal.Page;
        if (look == "uswds")
            Assert.SkipWhen(await page.GetAttributeAsync("html", "data-look") != look, "npm brought no design system here.");
        (await page.GetAttributeAsync("html", "data-look")).ShouldBe(look);
        if (!site.Stage.ClaimIds.Any())
            await FileAsync(site, portal);
        foreach (var path in Pages)
        {
            await portal.GoAsync(path);
            await Expect(page.Locator("h1")).ToHaveCountAsync(1);
            await page.WaitForLoadStateAsync(LoadState.Load);
            await portal.ShouldPassAxeAsync();
            await portal.PictureAsync($"{look}-{(path == "/" ? "home" : path[1..])}-{scheme}-{(phone ? "phone" : "desktop")}-{locale[..2]}");
            var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            wide.ShouldBeLessThanOrEqualTo(await page.EvaluateAsync<int>("document.documentElement.clientWidth"), path);
            (await page.EvaluateAsync<int>("[...document.querySelectorAll('.claim, .panel, .card')].filter(one => one.scrollHeight > one.clientHeight + 1).length")).ShouldBe(0, $"{path}: what is in its box runs out of it");
            (await page.GetAttributeAsync("html", "lang")).ShouldBe(locale[..2]);
        }

        portal.Complaints.ShouldAllBe(c => c.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal));
    }

    private static async Task FileAsync(PortalSite site, PortalPage portal)
    {
        for (var n = 0; n < 4; n++)
            await portal.Page.EvaluateAsync("fetch('/api/claims', { method: 'POST', headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' }, body: '{}' }).then(a => a.status)");
        var ids = site.Stage.ClaimIds.Order().ToArray();
        site.Stage.Move(ids[0], "denied", 61);
        site.Stage.Move(ids[1], "approved", 58);
        site.Stage.Move(ids[1], "paid", 373);
        site.Stage.Move(ids[2], "approved", 77);
        site.Stage.Move(ids[3], "approved", 64);
        site.Stage.Move(ids[3], "paid", 301);
        site.Stage.Move(ids[3], "payment-failed", 5214);
    }
}

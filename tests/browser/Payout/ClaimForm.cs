using System.Globalization;
using HmsMesh.Browser.Tests.Portal;
using Microsoft.Playwright;

namespace HmsMesh.Browser.Tests.Payout;

/// <summary>How a person files a claim.</summary>
internal static class ClaimForm
{
    /// <summary>Fills the form, in whichever language it is, and sends it. Returns the claim's id.</summary>
    public static async Task<string> FileAsync(PortalPage portal, int weeksWorked = 40)
    {
        await portal.GoAsync("/claim");
        var page = portal.Page;
        await page.Locator("#employer").FillAsync("Zephyrine Dry Goods");
        await page.Locator("#lastDay").FillAsync(TimeProvider.System.GetUtcNow().AddDays(-14).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await page.Locator("#reason").SelectOptionAsync("laid-off");
        await page.Locator("#weeksWorked").FillAsync(weeksWorked.ToString(CultureInfo.InvariantCulture));
        await page.Locator("#weeklyIncome").FillAsync("0");
        await page.Locator("#ableToWork-yes").CheckAsync();
        await page.Locator("#veteran-no").CheckAsync();
        await page.Locator("form [type=submit]").ClickAsync();
        await page.WaitForURLAsync("**/claims?filed=*");
        await portal.ShownAsync();
        return new Uri(page.Url).Query.Split('=')[1];
    }

    public static ILocator Card(PortalPage portal, string id) => portal.Page.Locator($"[data-claim='{id}']");

    public static ILocator Status(PortalPage portal, string id) => Card(portal, id).Locator(".status");
}

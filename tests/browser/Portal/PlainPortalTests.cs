using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HmsMesh.Browser.Tests.Portal;

/// <summary>The portal without npm: another look, the same use.</summary>
[Trait("Category", "Slow")]
public sealed class PlainPortalTests(PlainPortalSite site) : IClassFixture<PlainPortalSite>
{
    [Theory]
    [InlineData(ColorScheme.Light, true, "es-US")]
    [InlineData(ColorScheme.Dark, false, "en-US")]
    public Task Pages_ByAxe_HaveNoViolations(ColorScheme scheme, bool phone, string locale) =>
        PortalTour.WalkAsync(site, "plain", scheme, phone, locale);

    [Fact]
    public async Task Payee_ByKeyboardAlone_IsSaved()
    {
        await using var portal = await site.OpenAsync("/payee");
        var (page, keys) = (portal.Page, portal.Page.Keyboard);
        await keys.PressAsync("Tab");
        await Expect(page.GetByText("Skip to main content")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await keys.PressAsync("Tab");
        await Expect(page.GetByLabel("Name on the account")).ToBeFocusedAsync();
        await keys.TypeAsync("Diego Demo");
        await keys.PressAsync("Tab");
        await keys.TypeAsync("021000021");
        await keys.PressAsync("Tab");
        await keys.TypeAsync("123456789");
        await keys.PressAsync("Tab");
        await keys.TypeAsync("Checking");
        await keys.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToBeFocusedAsync();
        await keys.PressAsync("Enter");

        await Expect(page.Locator("#known")).ToContainTextAsync("ends in 6789");
        portal.Complaints.ShouldAllBe(c => c.Contains("status of 404", StringComparison.Ordinal));
    }
}

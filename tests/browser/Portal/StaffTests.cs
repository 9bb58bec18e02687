using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HmsMesh.Browser.Tests.Portal;

/// <summary>What payments staff decide on their page.</summary>
[Trait("Category", "Slow")]
[Collection(PortalCollection.Name)]
public sealed class StaffTests(PortalSite site)
{
    [Fact]
    public async Task Held_ReleasedByKeyboard_IsAskedAboutFirstAndReleasedOnce()
    {
        site.Stage.Held.Hold("pay-0010");
        await using var portal = await site.OpenAsync("/payments");
        var (page, keys) = (portal.Page, portal.Page.Keyboard);
        var held = page.Locator("[data-held=pay-0010]");
        await Expect(held).ToContainTextAsync("Ours: 600.00 USD. The other: 600.01 USD.");
        await Expect(page.Locator("#incidents")).ToContainTextAsync("approved again over another amount");
        var release = held.GetByRole(AriaRole.Button, new() { Name = "Release" });
        await release.FocusAsync();
        await keys.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Release this payment of 600.00 USD?" });
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await portal.ShouldPassAxeAsync();
        await portal.ViewAsync("payments-release");
        await keys.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(release).ToBeFocusedAsync();
        site.Stage.Held.Asked.ShouldNotContain(a => a.Payment == "pay-0010");

        await keys.PressAsync("Enter");
        await Expect(dialog).ToBeVisibleAsync();
        await keys.PressAsync("Shift+Tab");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Release it" })).ToBeFocusedAsync();
        await keys.PressAsync("Enter");

        await Expect(page.Locator("#problem")).ToContainTextAsync("Payment pay-0010 is released.");
        await Expect(held).ToHaveCountAsync(0);
        var decided = page.Locator("#decisions tbody tr").Filter(new() { HasText = "pay-0010" });
        await Expect(decided).ToContainTextAsync("released");
        await Expect(decided).ToContainTextAsync("cit-diego001");
        site.Stage.Held.Asked.Where(a => a.Payment == "pay-0010").ShouldHaveSingleItem().Key.Length.ShouldBe(36);
        await portal.PictureAsync("payments-released");
        portal.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Held_RejectedThatTheBankHas_SaysWhatToDoInTheReadersWords()
    {
        site.Stage.Held.Hold("pay-0011", isAtBank: true);
        await using var portal = await site.OpenAsync("/payments", new()
        {
            Locale = "es-US",
            ColorScheme = ColorScheme.Dark,
            ViewportSize = new() { Width = 375, Height = 812 },
            DeviceScaleFactor = 2,
            IsMobile = true,
            HasTouch = true,
        });
        var page = portal.Page;
        await page.Locator("[data-held=pay-0011]").GetByRole(AriaRole.Button, new() { Name = "Rechazar" }).TapAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("¿Rechazar este pago de 600.00 USD?");
        await portal.ShouldPassAxeAsync();
        await portal.ViewAsync("payments-reject-dark-phone-es");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Rechazarlo" }).TapAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("El banco tiene este pago por su importe completo.");
        await Expect(page.Locator("[data-held=pay-0011]")).ToBeVisibleAsync();
        site.Stage.Held.Hold("pay-0011");
        await page.Locator("[data-held=pay-0011]").GetByRole(AriaRole.Button, new() { Name = "Rechazar" }).TapAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Rechazarlo" }).TapAsync();
        await Expect(page.Locator("#problem")).ToContainTextAsync("El pago pay-0011 está rechazado.");
        await portal.ShouldPassAxeAsync();
        portal.Complaints.ShouldAllBe(c => c.Contains("status of 409", StringComparison.Ordinal));
    }
}

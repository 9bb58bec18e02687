using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HmsMesh.Browser.Tests.Portal;

/// <summary>What citizens and staff see, as they would use it.</summary>
[Trait("Category", "Slow")]
public sealed class PortalTests(PortalSite site) : IClassFixture<PortalSite>
{
    private static readonly string[] Pages = ["/", "/claim", "/claims", "/payee", "/messages", "/afrh", "/metrics", "/payments", "/nothing"];

    private static readonly BrowserNewContextOptions Phone = new()
    {
        ViewportSize = new() { Width = 390, Height = 844 },
        DeviceScaleFactor = 2,
        IsMobile = true,
        HasTouch = true,
    };

    [Fact]
    public async Task Claim_FromTheFormToPaid_IsSeenWithoutAReload()
    {
        await using var portal = await site.OpenAsync("/claim");
        var page = portal.Page;
        await page.GetByLabel("Last employer").FillAsync("Acme Tools");
        await page.GetByLabel("Last day of work").FillAsync("2026-10-30");
        await page.GetByLabel("Why the work ended").SelectOptionAsync("laid-off");
        await page.GetByLabel("Weeks worked").FillAsync("40");
        await page.GetByLabel("What you earn").FillAsync("0");
        await page.GetByRole(AriaRole.Group, new() { Name = "able to work" }).GetByLabel("Yes").CheckAsync();
        await page.GetByRole(AriaRole.Group, new() { Name = "veteran" }).GetByLabel("No").CheckAsync();
        await page.GetByLabel("A document").SetInputFilesAsync(new FilePayload { Name = "letter.pdf", MimeType = "application/pdf", Buffer = "%PDF-1.7\n"u8.ToArray() });
        await page.GetByRole(AriaRole.Button, new() { Name = "File the claim" }).ClickAsync();

        await page.WaitForURLAsync("**/claims?filed=*");
        var card = page.Locator("article.claim").First;
        await Expect(card.Locator(".status")).ToHaveTextAsync("submitted");
        site.Stage.UploadedAs.ShouldBe("application/pdf");
        await page.EvaluateAsync("window.notReloaded = true");
        var id = (await card.GetAttributeAsync("data-claim"))!;
        site.Stage.Move(id, "approved", 84);
        await Expect(card.Locator(".status")).ToHaveTextAsync("approved");
        site.Stage.Move(id, "paid", 412);
        await Expect(card.Locator(".status")).ToHaveTextAsync("paid 600.00 USD");
        await Expect(card.Locator("[data-step=paid]")).ToContainTextAsync("after 412 ms");
        (await page.EvaluateAsync<bool>("window.notReloaded === true")).ShouldBeTrue();
        portal.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Claim_WithFaults_NamesEachInTheReadersWords()
    {
        await using var portal = await site.OpenAsync("/claim");
        await portal.Page.GetByRole(AriaRole.Button, new() { Name = "File the claim" }).ClickAsync();

        await Expect(portal.Page.Locator(".faults")).ToBeFocusedAsync();
        await Expect(portal.Page.Locator(".faults li")).ToHaveCountAsync(7);
        await Expect(portal.Page.GetByLabel("Last employer")).ToHaveAttributeAsync("aria-invalid", "true");
        await portal.ShouldPassAxeAsync();
        await portal.PictureAsync("claim-faults");
    }

    [Fact]
    public async Task Payee_OnceSaved_IsShownByItsEndAlone()
    {
        await using var portal = await site.OpenAsync("/payee");
        var page = portal.Page;
        await page.GetByLabel("Name on the account").FillAsync("Diego Demo");
        await page.GetByLabel("Routing number").FillAsync("021000022");
        await page.GetByLabel("Account number").FillAsync("123456789");
        await page.GetByLabel("Kind of account").SelectOptionAsync("checking");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator("#routing-error")).ToContainTextAsync("nine digits");
        await page.GetByLabel("Routing number").FillAsync("021000021");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(page.Locator("#known")).ToContainTextAsync("ends in 6789");
        await Expect(page.GetByLabel("Account number")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Afrh_WhenBedsRunOut_HidesTheButtonAndKeepsTheReadersPlace()
    {
        await using var portal = await site.OpenAsync("/afrh", signedIn: false);
        var card = portal.Page.Locator("[data-facility=gulfport]");
        await card.GetByRole(AriaRole.Link, new() { Name = "Apply today" }).FocusAsync();
        site.Stage.Turn("gulfport", canApply: false);

        await Expect(card.GetByText("No beds free now")).ToBeFocusedAsync();
        await Expect(portal.Page.Locator("#news")).ToContainTextAsync("AFRH-Gulfport: no beds free now.");
        site.Stage.Turn("gulfport", canApply: true);
        await Expect(card.GetByRole(AriaRole.Link, new() { Name = "Apply today" })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Dormitory_ClosedByAnOperator_IsClosedByTheDoor()
    {
        await using var portal = await site.OpenAsync("/afrh");
        var button = portal.Page.Locator("[data-dormitory=gulfport-annex]");
        await button.ClickAsync();
        await Expect(button).ToContainTextAsync("Reopen");
        await button.ClickAsync();
        await Expect(button).ToContainTextAsync("Close");
    }

    [Fact]
    public async Task Payments_WhenTheBreakerOpens_SayItByThemselves()
    {
        await using var portal = await site.OpenAsync("/payments");
        await Expect(portal.Page.Locator("[data-breaker=closed]")).ToBeVisibleAsync();
        await portal.Page.GetByLabel("What the bank does").SelectOptionAsync("fail");
        await portal.Page.GetByRole(AriaRole.Button, new() { Name = "Switch the bank" }).ClickAsync();
        await Expect(portal.Page.Locator("#problem")).ToContainTextAsync("Fails");
        site.Stage.BreakerIsOpen = true;
        await Expect(portal.Page.Locator("[data-breaker=open]")).ToBeVisibleAsync();
        await Expect(portal.Page.Locator("[data-balanced=true]")).ToBeVisibleAsync();
        site.Stage.BreakerIsOpen = false;
    }

    [Fact]
    public async Task Session_OutAndIn_ChangesWhatIsOffered()
    {
        await using var portal = await site.OpenAsync("/claims", signedIn: false);
        await Expect(portal.Page.GetByText("Sign in first")).ToBeVisibleAsync();
        await portal.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await Expect(portal.Page.GetByText("Signed in as Diego Demo")).ToBeVisibleAsync();
        await portal.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(portal.Page.Locator("#sign-in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Language_Switched_StaysSpanish()
    {
        await using var portal = await site.OpenAsync("/messages");
        await portal.Page.GetByRole(AriaRole.Button, new() { Name = "Español" }).ClickAsync();
        await Expect(portal.Page.GetByText("Su solicitud fue denegada: trabajó menos")).ToBeVisibleAsync();
        (await portal.Page.GetAttributeAsync("html", "lang")).ShouldBe("es");
        foreach (var path in Pages)
        {
            await portal.GoAsync(path);
            await portal.ShouldPassAxeAsync();
        }

        await portal.PictureAsync("payments-spanish");
    }

    [Theory]
    [InlineData(ColorScheme.Light, false)]
    [InlineData(ColorScheme.Dark, false)]
    [InlineData(ColorScheme.Light, true)]
    [InlineData(ColorScheme.Dark, true)]
    public async Task Pages_ByAxe_HaveNoViolations(ColorScheme scheme, bool phone)
    {
        await using var portal = await site.OpenAsync("/", new(phone ? Phone : new()) { ColorScheme = scheme });
        if (!site.Stage.ClaimIds.Any())
            await FileAsync(portal);
        foreach (var path in Pages)
        {
            await portal.GoAsync(path);
            await Expect(portal.Page.Locator("h1")).ToHaveCountAsync(1);
            await portal.Page.WaitForLoadStateAsync(LoadState.Load);
            await portal.ShouldPassAxeAsync();
            await portal.PictureAsync($"{(path == "/" ? "home" : path[1..])}-{scheme}-{(phone ? "phone" : "desktop")}");
            var wide = await portal.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            wide.ShouldBeLessThanOrEqualTo(await portal.Page.EvaluateAsync<int>("document.documentElement.clientWidth"), path);
        }

        portal.Complaints.ShouldAllBe(c => c.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ApiPage_UnderItsPolicy_ListsTheRoutes()
    {
        await using var portal = await site.OpenAsync("/", signedIn: false);
        await portal.Page.GotoAsync($"{site.Address}api-docs/index.html");
        await Expect(portal.Page.GetByText("/api/claims/{id}").First).ToBeVisibleAsync();
        await portal.PictureAsync("api-docs");
        portal.Complaints.ShouldBeEmpty();
    }

    private async Task FileAsync(PortalPage portal)
    {
        for (var n = 0; n < 3; n++)
            await portal.Page.EvaluateAsync("fetch('/api/claims', { method: 'POST', headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' }, body: '{}' }).then(a => a.status)");
        var ids = site.Stage.ClaimIds.Order().ToArray();
        site.Stage.Move(ids[0], "denied", 61);
        site.Stage.Move(ids[1], "approved", 58);
        site.Stage.Move(ids[1], "paid", 373);
        site.Stage.Move(ids[2], "approved", 77);
    }
}

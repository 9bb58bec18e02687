using HmsMesh.Services.Tests.Documents;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HmsMesh.Browser.Tests.Portal;

/// <summary>What citizens and staff see, as they would use it.</summary>
[Trait("Category", "Slow")]
[Collection(PortalCollection.Name)]
public sealed class PortalTests(PortalSite site)
{
    [Fact]
    public async Task Claim_FromTheFormToPaid_IsSeenWithoutAReload()
    {
        await using var portal = await site.OpenAsync("/claim");
        var page = portal.Page;
        await FillAsync(page);
        await page.GetByLabel("A document").SetInputFilesAsync(Letter(Samples.Pdf));
        await page.GetByRole(AriaRole.Button, new() { Name = "File the claim" }).ClickAsync();

        await page.WaitForURLAsync("**/claims?filed=*");
        var card = page.Locator("article.claim").First;
        await Expect(card.Locator(".status")).ToHaveTextAsync("submitted");
        var download = await page.RunAndWaitForDownloadAsync(() => card.GetByRole(AriaRole.Link, new() { Name = "The document that you attached" }).ClickAsync());
        download.SuggestedFilename.ShouldBe("document.pdf");
        (await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken)).ShouldBe(Samples.Pdf);
        await page.EvaluateAsync("window.notReloaded = true");
        var id = (await card.GetAttributeAsync("data-claim"))!;
        site.Stage.Move(id, "approved", 84);
        await Expect(card.Locator(".status")).ToHaveTextAsync("approved");
        site.Stage.Move(id, "paid", 412);
        await Expect(card.Locator(".status")).ToHaveTextAsync("paid 600.00 USD");
        await Expect(card.Locator("[data-step=paid]")).ToContainTextAsync("took 328 ms412 ms in all");
        await Expect(card.Locator(".explanation")).ToHaveTextAsync("We sent 600 dollars to your account.");
        await Expect(card.GetByRole(AriaRole.Link, new() { Name = "Correct my account" })).ToHaveCountAsync(0);
        site.Stage.Move(id, "payment-failed", 5000);
        await Expect(card.Locator(".status")).ToHaveTextAsync("payment came back");
        await Expect(card.Locator(".explanation")).ToHaveTextAsync("Your bank sent the 600 dollars back to us. Check the account that you gave us.");
        await Expect(card.GetByRole(AriaRole.Link, new() { Name = "Correct my account" })).ToHaveAttributeAsync("href", "/payee");
        (await page.EvaluateAsync<bool>("window.notReloaded === true")).ShouldBeTrue();
        portal.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Claim_WhoseStepIsToldBeforeItIsTaken_IsAskedForAgain()
    {
        await using var portal = await site.OpenAsync("/claims");
        var id = await portal.Page.EvaluateAsync<string>(
            "fetch('/api/claims', { method: 'POST', headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' }, body: '{}' }).then(a => a.json()).then(a => a.claimId)");
        await portal.GoAsync("/claims");
        var status = portal.Page.Locator($"[data-claim='{id}'] .status");
        await Expect(status).ToHaveTextAsync("submitted");
        await portal.Page.RunAndWaitForResponseAsync(() => Task.Run(() => site.Stage.Say(id, "denied")), answer => answer.Url.EndsWith(id, StringComparison.Ordinal));
        site.Stage.Add(id, "denied", 61);
        await Expect(status).ToHaveTextAsync("denied");
    }

    [Fact]
    public async Task Claim_WhosePaymentWasNeverSent_IsNotSaidToHaveComeBack()
    {
        await using var portal = await site.OpenAsync("/claims", new() { Locale = "es-US" });
        var id = await portal.Page.EvaluateAsync<string>(
            "fetch('/api/claims', { method: 'POST', headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' }, body: '{}' }).then(a => a.json()).then(a => a.claimId)");
        site.Stage.Add(id, "approved", 40);
        site.Stage.Move(id, "payment-failed", 90);

        var card = portal.Page.Locator($"[data-claim='{id}']");
        await Expect(card.Locator(".status")).ToHaveTextAsync("no pagada");
        await Expect(card.Locator("[data-step=payment-failed]")).ToContainTextAsync("No pagada");
        await Expect(card.GetByRole(AriaRole.Link, new() { Name = "Corregir mi cuenta" })).ToBeVisibleAsync();
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
    public async Task Claim_WithADocumentThatIsNotWhatItSays_SaysSoAtItsFieldAndTakesAnother()
    {
        await using var portal = await site.OpenAsync("/claim");
        var page = portal.Page;
        await FillAsync(page);
        var send = page.GetByRole(AriaRole.Button, new() { Name = "File the claim" });
        await page.GetByLabel("A document").SetInputFilesAsync(Letter("Dear Sir or Madam"u8.ToArray()));
        await send.ClickAsync();

        await Expect(page.Locator("#document-error")).ToContainTextAsync("no PDF, PNG or JPEG");
        await Expect(page.Locator(".faults")).ToBeFocusedAsync();
        await Expect(page.GetByLabel("A document")).ToHaveAttributeAsync("aria-invalid", "true");
        await portal.ShouldPassAxeAsync();
        await portal.PictureAsync("claim-document");
        await page.GetByRole(AriaRole.Button, new() { Name = "Español" }).ClickAsync();
        await Expect(page.Locator("#document-error")).ToContainTextAsync("no es un PDF");
        await page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await page.GetByLabel("A document").SetInputFilesAsync(Letter(Samples.Pdf[..^100]));
        await send.ClickAsync();
        await Expect(page.Locator("#document-error")).ToContainTextAsync("damaged");
        await page.GetByLabel("A document").SetInputFilesAsync(Letter(Samples.Pdf));
        await send.ClickAsync();
        await page.WaitForURLAsync("**/claims?filed=*");
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
    public async Task Language_SwitchedInAHalfFilledForm_KeepsWhatWasTyped()
    {
        await using var portal = await site.OpenAsync("/claim");
        var page = portal.Page;
        await page.GetByLabel("Last employer").FillAsync("Acme Tools");
        await page.GetByLabel("Why the work ended").SelectOptionAsync("quit");
        await page.GetByRole(AriaRole.Group, new() { Name = "able to work" }).GetByLabel("Yes").CheckAsync();
        await page.GetByLabel("A document").SetInputFilesAsync(new FilePayload { Name = "letter.pdf", MimeType = "application/pdf", Buffer = "%PDF-1.7\n"u8.ToArray() });
        await page.GetByRole(AriaRole.Button, new() { Name = "File the claim" }).ClickAsync();
        await Expect(page.Locator(".faults li")).ToHaveCountAsync(4);
        await page.EvaluateAsync("window.notReloaded = true");

        await page.GetByRole(AriaRole.Button, new() { Name = "Español" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Solicitar beneficios por desempleo");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "English" })).ToBeFocusedAsync();
        await Expect(page.Locator("#employer")).ToHaveValueAsync("Acme Tools");
        await Expect(page.Locator("#reason")).ToHaveValueAsync("quit");
        await Expect(page.Locator("#ableToWork-yes")).ToBeCheckedAsync();
        (await page.Locator("#document").EvaluateAsync<string>("one => one.files[0].name")).ShouldBe("letter.pdf");
        await Expect(page.Locator(".faults li")).ToHaveCountAsync(4);
        await Expect(page.Locator("#lastDay-error")).ToContainTextAsync("último día");
        (await page.GetAttributeAsync("html", "lang")).ShouldBe("es");
        (await page.EvaluateAsync<bool>("window.notReloaded === true")).ShouldBeTrue();
        await portal.PictureAsync("claim-faults-spanish");

        await portal.GoAsync("/messages");
        await Expect(page.GetByText("Su solicitud fue denegada: trabajó menos")).ToBeVisibleAsync();
        portal.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Light, false, "en-US")]
    [InlineData(ColorScheme.Dark, true, "es-US")]
    public Task Pages_ByAxe_HaveNoViolations(ColorScheme scheme, bool phone, string locale) =>
        PortalTour.WalkAsync(site, "uswds", scheme, phone, locale);

    [Fact]
    public async Task DesignSystem_WhereNpmBroughtIt_IsServedToBeKeptForever()
    {
        await using var portal = await site.OpenAsync("/", signedIn: false);
        Assert.SkipWhen(await portal.Page.GetAttributeAsync("html", "data-look") != "uswds", "npm brought no design system here.");

        (await portal.Page.EvaluateAsync<bool>("document.fonts.load('400 1rem \"Source Sans Pro Web\"').then(fonts => fonts.length === 1)")).ShouldBeTrue();
        var style = (await portal.Page.Locator("link[href^='/uswds/']").GetAttributeAsync("href"))!;
        using var client = new HttpClient { BaseAddress = new Uri(site.Address) };
        using var answer = await client.GetAsync(style, TestContext.Current.CancellationToken);
        answer.Headers.CacheControl!.ToString().ShouldContain("immutable");
        foreach (var other in (string[])["js/uswds.min.js", "css/uswds.css", "css/../../package.json", "css%2F..%2F..%2Fpackage.json", "scss/x.scss", "img/hero.jpg"])
        {
            using var refused = await client.GetAsync(style.Replace("css/uswds.min.css", other, StringComparison.Ordinal), TestContext.Current.CancellationToken);
            refused.StatusCode.ShouldBeOneOf(System.Net.HttpStatusCode.NotFound, System.Net.HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task ApiPage_UnderThePolicyOfAllPages_ListsTheRoutes()
    {
        await using var portal = await site.OpenAsync("/api-docs", signedIn: false);
        var operation = portal.Page.Locator("details.operation").Filter(new() { HasText = "File a claim" });
        await operation.Locator("summary").ClickAsync();
        await Expect(operation).ToContainTextAsync("claims.write");
        await Expect(operation).ToContainTextAsync("\"weeksWorked\": 0");
        await Expect(operation.Locator(".answers")).ToContainTextAsync("422");
        await portal.ShouldPassAxeAsync();
        await portal.PictureAsync("api-docs-open");
        portal.Complaints.ShouldBeEmpty();
    }

    private static FilePayload Letter(byte[] file) => new() { Name = "letter.pdf", MimeType = "application/pdf", Buffer = file };

    private static async Task FillAsync(IPage page)
    {
        await page.GetByLabel("Last employer").FillAsync("Acme Tools");
        await page.GetByLabel("Last day of work").FillAsync("2026-10-30");
        await page.GetByLabel("Why the work ended").SelectOptionAsync("laid-off");
        await page.GetByLabel("Weeks worked").FillAsync("40");
        await page.GetByLabel("What you earn").FillAsync("0");
        await page.GetByRole(AriaRole.Group, new() { Name = "able to work" }).GetByLabel("Yes").CheckAsync();
        await page.GetByRole(AriaRole.Group, new() { Name = "veteran" }).GetByLabel("No").CheckAsync();
    }
}

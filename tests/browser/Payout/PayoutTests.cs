using HmsMesh.Browser.Tests.Portal;
using HmsMesh.EndToEnd.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HmsMesh.Browser.Tests.Payout;

/// <summary>The fast payout as the people of the story see it.</summary>
[Trait("Category", "Slow")]
[Collection(PayoutCollection.Name)]
public sealed class PayoutTests(PayoutSite site)
{
    private const float Patience = 30_000;
    private const string Failed = "fetch('/api/metrics/payouts').then(a => a.json()).then(payouts => payouts.failed)";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Diego_FromSignInToHis600Dollars_SeesEachStepWithItsTime()
    {
        await using var diego = await site.OpenAsync("/");
        var page = diego.Page;
        await diego.ShouldPassAxeAsync();
        await diego.PictureAsync("real-home");
        await page.Locator("#sign-in").ClickAsync();
        await diego.ShouldPassAxeAsync();
        await diego.PictureAsync("real-sign-in");
        await site.SignInAsync(diego, "diego", "not his password");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not right");
        await site.SignInAsync(diego, "diego");
        await Expect(page.GetByText("Signed in as")).ToBeVisibleAsync();

        // A second window of his, open all along, sees each state come.
        var window = new PortalPage(await page.Context.NewPageAsync(), site.Address);
        await window.GoAsync("/claims");
        await window.Page.EvaluateAsync(
            """
            () => {
              window.seen = [];
              new MutationObserver(() => {
                const status = document.querySelector(".claim .status")?.textContent;
                if (status && window.seen.at(-1)?.status !== status) window.seen.push({ status, at: performance.timeOrigin + performance.now() });
              }).observe(document.getElementById("main"), { childList: true, subtree: true });
            }
            """);
        await page.Locator("#nav").GetByText("File a claim").ClickAsync();
        await diego.ShownAsync();
        var id = await ClaimForm.FileAsync(diego);
        await Expect(ClaimForm.Status(diego, id)).ToHaveTextAsync("paid 600.00 USD", new() { Timeout = Patience });
        await Expect(ClaimForm.Status(window, id)).ToHaveTextAsync("paid 600.00 USD", new() { Timeout = Patience });

        var seen = await window.Page.EvaluateAsync<string[]>("window.seen.map(one => one.status)");
        seen.ShouldBeSubsetOf(["submitted", "approved", "paid 600.00 USD"]);
        seen[^1].ShouldBe("paid 600.00 USD");
        foreach (var step in (string[])["submitted", "approved", "paid"])
            await Expect(ClaimForm.Card(window, id).Locator($"[data-step={step}] time")).ToBeVisibleAsync();
        await Expect(ClaimForm.Card(window, id).Locator("[data-step=paid]")).ToContainTextAsync("in all");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"His window saw {string.Join(", ", seen)}; the card says {await ClaimForm.Card(window, id).Locator("[data-step=paid]").InnerTextAsync()}.");
        await diego.ShouldPassAxeAsync();
        await diego.PictureAsync("real-claim-paid");

        await diego.GoAsync("/payee");
        await Expect(page.Locator("#known")).ToContainTextAsync("ends in");
        await diego.ShouldPassAxeAsync();
        diego.Complaints.ShouldAllBe(c => c.Contains("status of 401", StringComparison.Ordinal));
        window.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Amara_WhoWorkedTooLittle_ReadsWhyAndHasMail()
    {
        await using var amara = await site.OpenAsync("/", "amara", new() { Locale = "es-US", ColorScheme = ColorScheme.Dark });
        await amara.GoAsync("/claim");
        await amara.ShouldPassAxeAsync();
        var id = await ClaimForm.FileAsync(amara, weeksWorked: 10);
        await Expect(ClaimForm.Status(amara, id)).ToHaveTextAsync("denegada", new() { Timeout = Patience });
        await Expect(ClaimForm.Card(amara, id)).ToContainTextAsync("Usted trabajó menos de 20 semanas");
        await Expect(ClaimForm.Card(amara, id)).ToContainTextAsync("base-period");
        await amara.ShouldPassAxeAsync();
        await amara.PictureAsync("real-claim-denied");

        Assert.SkipWhen(!site.HasNotifier, "Node is not installed; with it, the notifier mails her.");
        await amara.GoAsync("/messages");
        var mail = amara.Page.Locator(".message").Filter(new() { HasText = id });
        await Expect(mail).ToContainTextAsync("20 semanas", new() { Timeout = Patience });
        await amara.ShouldPassAxeAsync();
        await amara.PictureAsync("real-messages");
        await Eventually.TrueAsync(() => site.Mesh.Host.Out.Any(line => line.Contains("Email sent to citizen", StringComparison.Ordinal)), Mesh.ToReact, "the notifier's log");
        amara.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Ada_LooksAtPayoutTimes_AndTakesThemAsCsv()
    {
        await using (var chen = await site.OpenAsync("/", "chen"))
        {
            var id = await ClaimForm.FileAsync(chen);
            await Expect(ClaimForm.Status(chen, id)).ToHaveTextAsync("paid 600.00 USD", new() { Timeout = Patience });
        }

        await using var ada = await site.OpenAsync("/metrics", "ada");
        var page = ada.Page;
        await Eventually.TrueAsync(
            async () =>
            {
                if (await page.Locator("svg.chart[role=img]").CountAsync() > 0)
                    return true;
                await ada.GoAsync("/metrics");
                return false;
            },
            Mesh.ToReact,
            "a day with payouts");
        int.Parse(await page.Locator("[data-fact=count]").InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Payouts by day" }).Locator("tbody tr")).ToHaveCountAsync(1);
        await ada.ShouldPassAxeAsync();
        await ada.PictureAsync("real-metrics");

        var csv = await SavedAsync(page, "Download as CSV");
        csv[0].ShouldBe("claimId,submittedAt,paidAt,ms");
        csv[1].Split(',').Length.ShouldBe(4);
        ada.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pat_WhenTheBankFails_SeesTheBreakerOpenAndThePaymentMadeOnce()
    {
        await using var grace = await site.OpenAsync("/", "grace");
        await using var pat = await site.OpenAsync("/payments", "pat");
        var page = pat.Page;
        await Expect(page.Locator("[data-balanced=true]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-breaker=closed]")).ToBeVisibleAsync();
        await pat.ShouldPassAxeAsync();
        var file = await SavedAsync(page, "Save the file");
        file[0].ShouldStartWith("101");
        file.ShouldAllBe(record => record.Length == 94);

        await SwitchAsync(page, "Fails");
        string id;
        try
        {
            id = await ClaimForm.FileAsync(grace);
            await Expect(page.Locator("[data-breaker=open]")).ToBeVisibleAsync(new() { Timeout = Patience });
            (await site.Mesh.RunAsync("status")).Out.ShouldContain("The breaker of payments before bank is open");
            await Expect(page.Locator("#waiting")).ToContainTextAsync(id, new() { Timeout = Patience });
            await Expect(ClaimForm.Status(grace, id)).ToHaveTextAsync("approved");
            await pat.ShouldPassAxeAsync();
            await pat.PictureAsync("real-payments-breaker-open");
            await grace.PictureAsync("real-claim-waits");
        }
        finally
        {
            await SwitchAsync(page, "Works");
        }

        await Expect(ClaimForm.Status(grace, id)).ToHaveTextAsync("paid 600.00 USD", new() { Timeout = 60_000 });
        await Expect(page.Locator("[data-breaker=closed]")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(page.Locator("#waiting")).Not.ToContainTextAsync(id);
        await Expect(page.Locator("[data-balanced=true]")).ToBeVisibleAsync();
        var attempts = await page.EvaluateAsync<int[]>("id => fetch('/api/payments/waiting?status=sent').then(a => a.json()).then(all => (all.payments ?? all).filter(one => one.claimId === id).map(one => one.attempts))", id);
        attempts.ShouldHaveSingleItem().ShouldBeGreaterThan(1);
        (await page.EvaluateAsync<int>("fetch('/api/payments/bank').then(a => a.json()).then(bank => bank.ledger.doubles ?? 0)")).ShouldBe(0);
        pat.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Chen_WhoseBankSendsTheMoneyBack_SeesItAndSoDoAuditors()
    {
        await using var chen = await site.OpenAsync("/", "chen");
        await using var pat = await site.OpenAsync("/payments", "pat");
        await using var ada = await site.OpenAsync("/metrics", "ada");
        var before = await ada.Page.EvaluateAsync<int>(Failed);
        await SwitchAsync(pat.Page, "Returns the entry later (R01)");
        string id;
        try
        {
            id = await ClaimForm.FileAsync(chen);
            await Expect(ClaimForm.Status(chen, id)).ToHaveTextAsync("paid 600.00 USD", new() { Timeout = Patience });
        }
        finally
        {
            await SwitchAsync(pat.Page, "Works");
        }

        await Expect(ClaimForm.Status(chen, id)).ToHaveTextAsync("payment came back", new() { Timeout = 60_000 });
        await Expect(ClaimForm.Card(chen, id).Locator("[data-step=payment-failed] time")).ToBeVisibleAsync();
        await Expect(ClaimForm.Card(chen, id).Locator(".explanation")).ToContainTextAsync("Your bank sent the 600 dollars back to us");
        await chen.ShouldPassAxeAsync();
        await chen.PictureAsync("real-claim-returned");
        await chen.Page.GetByRole(AriaRole.Button, new() { Name = "Español" }).ClickAsync();
        await Expect(ClaimForm.Card(chen, id).Locator(".explanation")).ToContainTextAsync("Su banco nos devolvió los 600 dólares");
        await ClaimForm.Card(chen, id).GetByRole(AriaRole.Link, new() { Name = "Corregir mi cuenta" }).ClickAsync();
        await chen.Page.WaitForURLAsync("**/payee");
        await chen.ShownAsync();
        await Eventually.TrueAsync(async () => await ada.Page.EvaluateAsync<int>(Failed) == before + 1, Mesh.ToReact, "a payout less among the metrics");
        (await pat.Page.EvaluateAsync<bool>("fetch('/api/payments/ledger').then(a => a.json()).then(ledger => ledger.balanced && ledger.balances.returns !== 0)")).ShouldBeTrue();
        chen.Complaints.ShouldBeEmpty();
    }

    private static async Task SwitchAsync(IPage page, string mode)
    {
        await page.GetByLabel("What the bank does").SelectOptionAsync(new SelectOptionValue { Label = mode });
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch the bank" }).ClickAsync();
        await Expect(page.Locator("#problem")).ToContainTextAsync($"The bank now does: {mode}");
    }

    private static async Task<string[]> SavedAsync(IPage page, string link)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync());
        return (await File.ReadAllTextAsync(await download.PathAsync(), Ct)).ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

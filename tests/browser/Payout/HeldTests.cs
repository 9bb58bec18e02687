using System.Net.Http.Json;
using System.Text.Json;
using HmsMesh.EndToEnd.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HmsMesh.Browser.Tests.Payout;

/// <summary>A payment that the bank tells of otherwise than payments does, and the person who has to look.</summary>
[Trait("Category", "Slow")]
[Collection(PayoutCollection.Name)]
public sealed class HeldTests(PayoutSite site)
{
    private const float Patience = 60_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pat_WhoseBankHasAnotherAmount_ReleasesThenRejectsAndNobodyIsPaidTwice()
    {
        await using var grace = await site.OpenAsync("/", "grace");
        await using var pat = await site.OpenAsync("/payments", "pat");
        var page = pat.Page;
        string claim;
        string payment;
        await SwitchAsync(page, "Fails");
        try
        {
            claim = await ClaimForm.FileAsync(grace);
            await Expect(page.Locator("[data-breaker=open]")).ToBeVisibleAsync(new() { Timeout = Patience });
            payment = await page.EvaluateAsync<string>(
                "id => fetch('/api/payments/waiting').then(a => a.json()).then(all => all.payments.find(one => one.claimId === id).paymentId)", claim);
            // A bank that takes and never answers: our entry is there before the payment's.
            await SwitchAsync(page, "Takes it and never answers");
            await CreditAsync(payment, cents: 60001);
        }
        finally
        {
            await SwitchAsync(page, "Works");
        }

        var held = page.Locator($"[data-held='{payment}']");
        await Expect(held).ToContainTextAsync("Ours: 600.00 USD. The other: 600.01 USD.", new() { Timeout = Patience });
        await Expect(ClaimForm.Status(grace, claim)).ToHaveTextAsync("approved");
        await pat.ShouldPassAxeAsync();
        await pat.PictureAsync("real-payments-held");

        await DecideAsync(page, held, "Release");
        await Expect(page.Locator("#problem")).ToContainTextAsync($"Payment {payment} is released.");
        // The bank is asked, and says the same.
        await Expect(page.Locator("#incidents tbody tr").Filter(new() { HasText = payment })).ToHaveCountAsync(2, new() { Timeout = Patience });
        await Expect(held).ToBeVisibleAsync(new() { Timeout = Patience });
        (await BankAsync()).GetProperty("doubles").GetInt64().ShouldBe(0);

        await DecideAsync(page, held, "Reject");
        await Expect(page.Locator("#problem")).ToContainTextAsync($"Payment {payment} is rejected.");
        await Expect(held).ToHaveCountAsync(0);
        var decisions = page.Locator("#decisions tbody tr").Filter(new() { HasText = payment });
        await Expect(decisions).ToHaveCountAsync(2);
        await Expect(page.Locator("[data-balanced=true]")).ToBeVisibleAsync();
        await Expect(ClaimForm.Status(grace, claim)).ToHaveTextAsync("not paid", new() { Timeout = Patience });
        await Expect(ClaimForm.Card(grace, claim).Locator(".explanation")).ToContainTextAsync("We could not pay the 600 dollars");
        await grace.ShouldPassAxeAsync();
        await grace.PictureAsync("real-claim-not-paid");
        await pat.ShouldPassAxeAsync();
        await pat.PictureAsync("real-payments-decided");
        pat.Complaints.ShouldBeEmpty();
        grace.Complaints.ShouldBeEmpty();
    }

    private static async Task DecideAsync(IPage page, ILocator held, string what)
    {
        await held.GetByRole(AriaRole.Button, new() { Name = what }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = $"{what} it" }).ClickAsync();
    }

    private static async Task SwitchAsync(IPage page, string mode)
    {
        await page.GetByLabel("What the bank does").SelectOptionAsync(new SelectOptionValue { Label = mode });
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch the bank" }).ClickAsync();
        await Expect(page.Locator("#problem")).ToContainTextAsync($"The bank now does: {mode}");
    }

    private async Task<HttpClient> BankClientAsync() => new() { BaseAddress = new Uri((await site.Mesh.StatusAsync("bank")).GetProperty("address").GetString()!) };

    private async Task<JsonElement> BankAsync()
    {
        using var bank = await BankClientAsync();
        return await bank.GetFromJsonAsync<JsonElement>("/ledger", Ct);
    }

    /// <summary>Asks the bank for an entry, past payments, and leaves when the bank has it.</summary>
    private async Task CreditAsync(string key, long cents)
    {
        using var bank = await BankClientAsync();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/entries");
        request.Headers.Add("Idempotency-Key", key);
        request.Content = JsonContent.Create(new { holder = "Zephyrine Teller", routing = "021000021", account = "123456789", kind = "checking", amountCents = cents });
        var before = (await BankAsync()).GetProperty("entries").GetInt64();
        var asking = bank.SendAsync(request, leaving.Token);
        await Eventually.TrueAsync(async () => (await BankAsync()).GetProperty("entries").GetInt64() == before + 1, Mesh.ToReact, "the entry at the bank");
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asking);
    }
}

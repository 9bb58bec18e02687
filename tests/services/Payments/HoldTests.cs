using System.Net;
using System.Text.Json;
using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>What staff decide of a payment that is held.</summary>
[Trait("Category", "Slow")]
public class HoldTests : IAsyncLifetime
{
    private PaymentsRig _rig = null!;
    private string _payment = "";

    public async ValueTask InitializeAsync()
    {
        _rig = await StartRigAsync();
        await _rig.FillPayeeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_rig is not null)
            await _rig.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected virtual Task<PaymentsRig> StartRigAsync() => PaymentsRig.StartAsync();

    [Fact]
    public async Task Release_WhenTheBankHasCorrectedIt_BooksItAndPaysNothingMore()
    {
        var claim = await HoldAsync();
        var held = (await _rig.GetAsync("/payments/waiting?status=held")).GetProperty("payments").EnumerateArray().ShouldHaveSingleItem();
        (Text(held, "claimId"), Text(held, "heldFor")).ShouldBe((claim, "bank-differs"));
        held.GetProperty("heldAt").GetDateTimeOffset().ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5));
        var incident = (await _rig.GetAsync("/incidents")).EnumerateArray().ShouldHaveSingleItem();
        (Text(incident, "paymentId"), incident.GetProperty("cents").GetInt64(), incident.GetProperty("otherCents").GetInt64()).ShouldBe((_payment, 60000, 60001));
        await _rig.AtBankAsync("update entries set cents = 60000");
        await _rig.ModeAsync("forgetful");

        var (status, decision) = await _rig.PostAsync($"/payments/{_payment}/release", "key-1");

        status.ShouldBe(HttpStatusCode.OK);
        (Text(decision, "decision"), Text(decision, "actor"), Text(decision, "heldFor")).ShouldBe(("released", "staff-1", "bank-differs"));
        await _rig.UntilAsync("sent", 1);
        await _rig.ShouldAgreeAsync(sent: 1);
        (await _rig.SaidAsync()).ShouldHaveSingleItem().Topic.ShouldBe("payment.sent");
        (await _rig.GetAsync("/decisions")).EnumerateArray().ShouldHaveSingleItem().GetRawText().ShouldBe(decision.GetRawText());
        (await _rig.PostAsync($"/payments/{_payment}/release", subject: "staff-2")).Body.GetRawText().ShouldBe(decision.GetRawText());
        await ShouldRefuseAsync("reject", HttpStatusCode.Conflict, "not-held");
    }

    [Fact]
    public async Task Release_OfWhatTheBankNoLongerHas_SendsItUnderItsId()
    {
        await HoldAsync();
        await _rig.AtBankAsync("delete from entries");

        (await _rig.PostAsync($"/payments/{_payment}/release")).Status.ShouldBe(HttpStatusCode.OK);

        await _rig.UntilAsync("sent", 1);
        await _rig.ShouldAgreeAsync(sent: 1);
        using var entry = await _rig.Bank.Http.GetAsync($"/entries/{_payment}", TestContext.Current.CancellationToken);
        entry.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Release_WhileTheBankStillDiffers_IsHeldAgainAndALateRepeatDecidesNothing()
    {
        await HoldAsync();
        var (_, first) = await _rig.PostAsync($"/payments/{_payment}/release", "key-1");
        await HeldAgainAsync(incidents: 2);

        var (status, again) = await _rig.PostAsync($"/payments/{_payment}/release", "key-1");

        status.ShouldBe(HttpStatusCode.OK);
        again.GetRawText().ShouldBe(first.GetRawText());
        (await _rig.CountsAsync())["held"].ShouldBe(1);
        await ShouldRefuseAsync("reject", HttpStatusCode.UnprocessableEntity, "key-used", "key-1");
        (await _rig.PostAsync($"/payments/{_payment}/release", "key-1", "staff-2")).Status.ShouldBe(HttpStatusCode.OK);
        await HeldAgainAsync(incidents: 3);
        (await _rig.GetAsync("/decisions?take=1")).EnumerateArray().ShouldHaveSingleItem().GetProperty("actor").GetString().ShouldBe("staff-2");
        (await _rig.BankLedgerAsync()).GetProperty("entries").GetInt64().ShouldBe(1);
        (await _rig.SaidAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reject_OfWhatIsHeld_PaysNothingAndSaysSo()
    {
        var claim = await HoldAsync();

        var (status, decision) = await _rig.PostAsync($"/payments/{_payment}/reject", "key-1");

        status.ShouldBe(HttpStatusCode.OK, decision.GetRawText());
        (await _rig.CountsAsync())["refused"].ShouldBe(1);
        var said = (await _rig.SaidAsync()).ShouldHaveSingleItem();
        (said.Topic, said.Subject, Text(said.Data, "reason")).ShouldBe(("payment.failed", claim, "rejected"));
        var ledger = await _rig.GetAsync("/ledger");
        ledger.GetProperty("balanced").GetBoolean().ShouldBeTrue();
        ledger.GetProperty("balances").EnumerateObject().ShouldAllBe(b => b.Value.GetInt64() == 0);
        await ShouldRefuseAsync("release", HttpStatusCode.Conflict, "not-held");
        (await _rig.PostAsync($"/payments/{_payment}/reject", subject: "staff-2")).Body.GetRawText().ShouldBe(decision.GetRawText());
        (await _rig.SaidAsync()).ShouldHaveSingleItem();
        _rig.Payments.Log.ShouldContain("was rejected by staff-1");
    }

    [Fact]
    public async Task Reject_OfWhatTheBankHasOrMayHave_IsRefused()
    {
        await HoldAsync();
        await _rig.AtBankAsync("update entries set cents = 60000");
        await ShouldRefuseAsync("reject", HttpStatusCode.Conflict, "bank-has-it");

        await _rig.ModeAsync("fail");
        (await _rig.PostAsync($"/payments/{_payment}/reject")).Status.ShouldBe(HttpStatusCode.BadGateway);
        (await _rig.CountsAsync())["held"].ShouldBe(1);
        (await _rig.GetAsync("/decisions")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Decide_ManyAtOnce_IsDecidedOnce()
    {
        await HoldAsync();
        await _rig.AtBankAsync("delete from entries");

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => _rig.PostAsync($"/payments/{_payment}/{(i % 2 == 0 ? "release" : "reject")}", subject: $"staff-{i}")));

        answers.Select(a => a.Status).ShouldBeSubsetOf([HttpStatusCode.OK, HttpStatusCode.Conflict]);
        var decision = (await _rig.GetAsync("/decisions")).EnumerateArray().ShouldHaveSingleItem();
        answers.Where(a => a.Status == HttpStatusCode.OK).ShouldAllBe(a => a.Body.GetRawText() == decision.GetRawText());
        var isReleased = Text(decision, "decision") == "released";
        await _rig.UntilAsync(isReleased ? "sent" : "refused", 1);
        await _rig.ShouldAgreeAsync(sent: isReleased ? 1 : 0);
        (await _rig.SaidAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Decide_OfWhatIsNotHeldOrNotThere_IsRefused()
    {
        await _rig.ApproveAsync(PaymentsRig.NewClaim());
        await _rig.UntilAsync("sent", 1);
        _payment = (await _rig.AskAsync<string>("select id from payments"))[0];

        await ShouldRefuseAsync("release", HttpStatusCode.Conflict, "not-held", "key-1");
        await ShouldRefuseAsync("reject", HttpStatusCode.Conflict, "not-held");
        (await _rig.PostAsync("/payments/none/release")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _rig.PostAsync($"/payments/{_payment}/release", new string('k', 129))).Status.ShouldBe(HttpStatusCode.BadRequest);
        foreach (var what in (string[])["release", "reject"])
        {
            (await _rig.PostAsync($"/payments/{_payment}/{what}", scopes: "payee.write")).Status.ShouldBe(HttpStatusCode.Forbidden);
        }

        (await _rig.GetAsync("/decisions")).GetArrayLength().ShouldBe(0);
        await _rig.ShouldAgreeAsync(sent: 1);
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    /// <summary>A payment of which the bank has a cent too much.</summary>
    private async Task<string> HoldAsync()
    {
        var claim = PaymentsRig.NewClaim();
        await _rig.ModeAsync("silent");
        await _rig.ApproveAsync(claim);
        await Eventually.BeAsync(async () => (await _rig.BankLedgerAsync()).GetProperty("entries").GetInt64() == 1, "the bank took it", 30);
        await _rig.AtBankAsync("update entries set cents = 60001");
        await _rig.ModeAsync("ok");
        await _rig.UntilAsync("held", 1);
        _payment = (await _rig.AskAsync<string>("select id from payments"))[0];
        return claim;
    }

    private Task HeldAgainAsync(int incidents) => Eventually.BeAsync(
        async () => (await _rig.CountsAsync())["held"] == 1 && (await _rig.GetAsync("/incidents")).GetArrayLength() == incidents, "held again", 30);

    private async Task ShouldRefuseAsync(string what, HttpStatusCode status, string code, string? key = null)
    {
        var answer = await _rig.PostAsync($"/payments/{_payment}/{what}", key);
        answer.Status.ShouldBe(status, answer.Body.GetRawText());
        Text(answer.Body, "code").ShouldBe(code);
    }
}

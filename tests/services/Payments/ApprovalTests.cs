using System.Net;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>What an approval becomes, once.</summary>
public class ApprovalTests : IAsyncLifetime
{
    private PaymentsRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await StartRigAsync();

    public async ValueTask DisposeAsync()
    {
        if (_rig is not null)
            await _rig.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected virtual Task<PaymentsRig> StartRigAsync(params string[] settings) => PaymentsRig.StartAsync(settings);

    [Fact]
    public async Task Approved_WithAPayee_IsSentAndToldOnce()
    {
        await _rig.FillPayeeAsync();
        var claim = PaymentsRig.NewClaim();
        var cause = Guid.NewGuid().ToString();
        (await _rig.ApproveAsync(claim, eventId: cause)).ShouldBe(HttpStatusCode.OK);
        await _rig.UntilAsync("sent", 1);

        var said = (await _rig.SaidAsync()).ShouldHaveSingleItem();
        said.Topic.ShouldBe("payment.sent");
        said.Subject.ShouldBe(claim);
        said.CausationId.ShouldBe(cause);
        said.Data.GetProperty("claimId").GetString().ShouldBe(claim);
        said.Data.GetProperty("amount").GetRawText().ShouldBe("600.00");
        said.Data.GetProperty("citizen").GetString().ShouldBe(PaymentsRig.Citizen);
        await _rig.ShouldAgreeAsync(sent: 1);
        var entry = AchReader.Read(await _rig.TextAsync("/ach/today")).Entries.ShouldHaveSingleItem();
        (entry.Name, entry.Account, entry.Cents, entry.Transaction).ShouldBe(("JOSE QUIXOTIC-NAMELESS", PaymentsRig.Account, 60000, "22"));
    }

    [Fact]
    public async Task Approved_AgainAndReplayed_PaysOnce()
    {
        await _rig.FillPayeeAsync();
        var claim = PaymentsRig.NewClaim();
        var cause = Guid.NewGuid().ToString();
        await _rig.ApproveAsync(claim, eventId: cause);
        await _rig.ApproveAsync(claim, eventId: cause);
        await _rig.ApproveAsync(claim);
        (await _rig.ApproveAsync(claim, amount: 6000)).ShouldBe(HttpStatusCode.OK);
        await _rig.ApproveAsync(claim, citizen: "cit-another1");
        await _rig.UntilAsync("sent", 1);

        var stats = await _rig.GetAsync("/stats");
        stats.GetProperty("secondApprovals").GetInt64().ShouldBe(1);
        stats.GetProperty("incidents").GetInt64().ShouldBe(2);
        var incidents = (await _rig.GetAsync("/incidents")).EnumerateArray().ToList();
        incidents.Select(i => i.GetProperty("kind").GetString()).ShouldBe(["other-citizen", "other-amount"]);
        incidents.ShouldAllBe(i => i.GetProperty("claimId").GetString() == claim);
        _rig.Payments.Log.ShouldContain("Incident other-amount");
        (await _rig.SaidAsync()).ShouldHaveSingleItem();
        await _rig.ShouldAgreeAsync(sent: 1);
    }

    [Fact]
    public async Task Approved_InBothVersionsAtOnce_PaysOnceAndIsNoSecondApproval()
    {
        await _rig.FillPayeeAsync();
        var claims = Enumerable.Range(0, 20).Select(_ => PaymentsRig.NewClaim()).ToList();
        (await Task.WhenAll(claims.SelectMany(c => new[] { _rig.ApproveAsync(c), _rig.ApproveInCentsAsync(c) }))).ShouldAllBe(s => s == HttpStatusCode.OK);
        await _rig.UntilAsync("sent", 20);

        var stats = await _rig.GetAsync("/stats");
        stats.GetProperty("secondApprovals").GetInt64().ShouldBe(0);
        stats.GetProperty("incidents").GetInt64().ShouldBe(0);
        (await _rig.SaidAsync()).Count.ShouldBe(20);
        await _rig.ShouldAgreeAsync(sent: 20);

        // A version once more is one; and another amount is an incident, across versions too.
        await _rig.ApproveInCentsAsync(claims[0]);
        await _rig.ApproveInCentsAsync(claims[1], amountCents: 60001);
        stats = await _rig.GetAsync("/stats");
        stats.GetProperty("secondApprovals").GetInt64().ShouldBe(1);
        stats.GetProperty("incidents").GetInt64().ShouldBe(1);
        await _rig.ShouldAgreeAsync(sent: 20);
    }

    [Fact]
    public async Task Approved_ByVersionTwoAlone_IsPaid()
    {
        await _rig.FillPayeeAsync();
        await _rig.ApproveInCentsAsync(PaymentsRig.NewClaim());

        await _rig.UntilAsync("sent", 1);
        (await _rig.SaidAsync()).ShouldHaveSingleItem().Data.GetProperty("amount").GetRawText().ShouldBe("600.00");
        await _rig.ShouldAgreeAsync(sent: 1);
    }

    [Fact]
    public async Task Approved_WithoutAPayee_WaitsUntilItIsFilled()
    {
        await _rig.ApproveAsync(PaymentsRig.NewClaim());
        var waiting = await _rig.GetAsync("/payments?status=waiting-for-payee");
        waiting.GetProperty("payments").GetArrayLength().ShouldBe(1);
        (await _rig.GetAsync("/payments?status=waiting")).GetProperty("payments").GetArrayLength().ShouldBe(1);
        (await _rig.GetAsync("/payments/waiting")).GetProperty("payments").GetArrayLength().ShouldBe(1);
        (await _rig.GetAsync("/payments?status=failed")).GetProperty("payments").GetArrayLength().ShouldBe(0);
        (await _rig.BankLedgerAsync()).GetProperty("entries").GetInt64().ShouldBe(0);

        await _rig.FillPayeeAsync();

        await _rig.UntilAsync("sent", 1);
        await _rig.ShouldAgreeAsync(sent: 1);
        (await _rig.GetAsync("/payments/waiting")).GetProperty("payments").GetArrayLength().ShouldBe(0);
        (await _rig.GetAsync("/payments/waiting?status=sent")).GetProperty("payments").GetArrayLength().ShouldBe(1);
        (await _rig.GetAsync("/payments/waiting?status=all")).GetProperty("payments").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Approved_OfADemoCitizen_NeedsNoPayee()
    {
        await using var rig = await StartRigAsync("--Payments:DemoPayees=true");
        foreach (var citizen in (string[])["cit-7f3k2m9q", "cit-q2x8v5hd", "cit-m4t9w6bz", "cit-k8r3n7yp"])
            await rig.ApproveAsync(PaymentsRig.NewClaim(), citizen: citizen);

        await rig.UntilAsync("sent", 4);
        await rig.ShouldAgreeAsync(sent: 4);
    }

    [Fact]
    public async Task Returned_AfterItWasSent_FailsAndIsReversed()
    {
        await _rig.FillPayeeAsync();
        await _rig.ModeAsync("return");
        var claim = PaymentsRig.NewClaim();
        await _rig.ApproveAsync(claim);
        await _rig.UntilAsync("returned", 1);

        var said = await _rig.SaidAsync();
        said.Select(e => e.Topic).ShouldBe(["payment.sent", "payment.failed"]);
        said[1].Data.GetProperty("code").GetString().ShouldBe("R01");
        said[1].Data.GetProperty("reason").GetString().ShouldBe("returned");
        await _rig.ShouldAgreeAsync(sent: 1, returned: 1);
        var balances = (await _rig.GetAsync("/ledger")).GetProperty("balances");
        balances.GetProperty("bank").GetInt64().ShouldBe(0);
        balances.GetProperty("returns").GetInt64().ShouldBe(-60000);
    }
}

using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>Whatever the bank does, and however payments dies: each payment is credited once.</summary>
[Trait("Category", "Slow")]
public sealed class TroubleTests : IAsyncLifetime
{
    private PaymentsRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        _rig = await PaymentsRig.StartAsync();
        await _rig.FillPayeeAsync();
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Failing_ThreeTimesInARow_OpensTheBreakerAndThenAllArePaidOnce()
    {
        await _rig.ModeAsync("fail");
        for (var i = 0; i < 10; i++)
            await _rig.ApproveAsync(PaymentsRig.NewClaim());
        await Eventually.BeAsync(async () => (await _rig.GetAsync("/breaker")).GetProperty("state").GetString() == "open", "the breaker is open", 30);
        (await _rig.GetAsync("/breaker")).GetProperty("opensFor").GetDouble().ShouldBeInRange(0, 10);
        (await _rig.GetAsync("/payments?status=waiting")).GetProperty("payments").GetArrayLength().ShouldBe(10);

        await _rig.ModeAsync("ok");

        await _rig.UntilAsync("sent", 10, 60);
        await _rig.ShouldAgreeAsync(sent: 10);
        (await _rig.GetAsync("/breaker")).GetProperty("state").GetString().ShouldBe("closed");
        (await _rig.SaidAsync()).Count(e => e.Topic == "payment.sent").ShouldBe(10);
    }

    [Fact]
    public async Task Silent_ThenForgetful_IsAskedAndNotPaidTwice()
    {
        await _rig.ModeAsync("silent");
        await _rig.ApproveAsync(PaymentsRig.NewClaim());
        await Eventually.BeAsync(async () => (await _rig.BankLedgerAsync()).GetProperty("entries").GetInt64() == 1, "the bank took it", 30);

        await _rig.ModeAsync("forgetful");

        await _rig.UntilAsync("sent", 1, 60);
        await _rig.ShouldAgreeAsync(sent: 1);
    }

    [Fact]
    public async Task Killed_BetweenCallAndBooking_AsksBeforeItTriesAgain()
    {
        await _rig.ModeAsync("silent");
        await _rig.ApproveAsync(PaymentsRig.NewClaim());
        await Eventually.BeAsync(async () => (await _rig.BankLedgerAsync()).GetProperty("entries").GetInt64() == 1, "the bank took it", 30);
        await _rig.Payments.KillAsync();
        (await _rig.CountsAsync())["sending"].ShouldBe(1);
        await _rig.ModeAsync("forgetful");

        await _rig.Payments.RestartAsync();

        await _rig.UntilAsync("sent", 1, 60);
        await _rig.ShouldAgreeAsync(sent: 1);
    }

    [Fact]
    public async Task Storm_OfModesAndKills_PaysAllOnce()
    {
        const int claims = 60;
        var approving = Task.Run(
            async () =>
            {
                for (var i = 0; i < claims; i++)
                    await ApproveUntilTakenAsync(PaymentsRig.NewClaim());
            },
            TestContext.Current.CancellationToken);
        foreach (var mode in (string[])["slow", "silent", "forgetful", "fail", "ok", "silent", "forgetful"])
        {
            await _rig.ModeAsync(mode);
            var before = (await _rig.CountsAsync())["sent"];
            await Eventually.BeAsync(
                async () =>
                {
                    var counts = await _rig.CountsAsync();
                    return mode is "silent" or "fail" ? counts["sending"] > 0 : counts["sent"] > before || counts["sent"] == claims;
                },
                $"something happens in the mode {mode}; {_rig.Payments.Log}",
                60);
            if (mode is "slow" or "silent" or "forgetful")
            {
                await _rig.Payments.KillAsync();
                await _rig.Payments.RestartAsync();
            }
        }

        await approving;
        await _rig.ModeAsync("ok");
        await _rig.UntilAsync("sent", claims, 120);
        await _rig.ShouldAgreeAsync(sent: claims);
        var said = await _rig.SaidAsync();
        said.Count.ShouldBe(claims);
        said.Select(e => e.Subject).Distinct().Count().ShouldBe(claims);
    }

    [Fact]
    public async Task TwoInstances_AtAForgetfulBank_SendEachPaymentOnce()
    {
        await _rig.ModeAsync("forgetful");
        var other = await _rig.AddInstanceAsync();
        for (var i = 0; i < 80; i++)
            await _rig.ApproveAsync(PaymentsRig.NewClaim(), at: i % 2 == 0 ? _rig.Payments : other);

        await _rig.UntilAsync("sent", 80, 60);
        await _rig.ShouldAgreeAsync(sent: 80);
        _rig.Payments.Log.ShouldContain("is in today's file");
        other.Log.ShouldContain("is in today's file");
    }

    [Fact]
    public async Task Bank_KilledWhilePaying_IsPaidOnceWhenItIsBack()
    {
        for (var i = 0; i < 30; i++)
        {
            await _rig.ApproveAsync(PaymentsRig.NewClaim());
            if (i == 10)
                await _rig.Bank.KillAsync();
        }

        await Eventually.BeAsync(async () => (await _rig.CountsAsync())["sending"] > 0 || (await _rig.CountsAsync())["pending"] > 0, "payments wait", 30);
        await _rig.Bank.RestartAsync();

        await _rig.UntilAsync("sent", 30, 60);
        await _rig.ShouldAgreeAsync(sent: 30);
    }

    // As the broker does: what was not taken comes again, under the same id.
    private async Task ApproveUntilTakenAsync(string claim)
    {
        var id = Guid.NewGuid().ToString();
        await Eventually.BeAsync(
            async () =>
            {
                try
                {
                    return await _rig.ApproveAsync(claim, eventId: id) == System.Net.HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the approval is taken",
            60);
    }
}

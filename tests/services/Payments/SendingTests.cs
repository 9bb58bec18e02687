using HmsMesh.Kit;
using HmsMesh.Payments.Bank;
using HmsMesh.Payments.Holds;
using HmsMesh.Payments.Sending;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>The steps of sending, one at a time.</summary>
public sealed class SendingTests : IAsyncLifetime
{
    private const string Wrong = "11112222";
    private const string Right = "33334444";
    private PaymentsParts _parts = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _parts = await PaymentsParts.StartAsync();

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task Send_WhileTheBreakerIsOpen_LetsTheCitizenCorrectThePayee()
    {
        await _parts.FillAsync(Wrong);
        await _parts.ApproveAsync("p1");
        var leased = (await _parts.Leases.TakeAsync(8, Ct)).ShouldHaveSingleItem();
        leased.Order.Account.ShouldBe(Wrong);
        await OpenBreakerAsync();

        await _parts.Part<Sender>().SendAsync(leased, Ct);
        await _parts.FillAsync(Right);
        await _parts.RunAsync("update payments set next_at = 0");

        (await _parts.AskAsync<string>("select status from payments")).ShouldBe("pending");
        var again = (await _parts.Leases.TakeAsync(8, Ct)).ShouldHaveSingleItem();
        again.Order.Account.ShouldBe(Right);
        again.IsUnknown.ShouldBeFalse();
    }

    [Fact]
    public async Task Release_OfWhatTheBankMayKnow_SaysTheSameAgain()
    {
        await _parts.FillAsync(Wrong);
        await _parts.ApproveAsync("p1");
        var leased = (await _parts.Leases.TakeAsync(8, Ct)).ShouldHaveSingleItem();

        await _parts.Leases.ReleaseAsync(leased, wasCalled: true, TimeSpan.Zero, Ct);
        await _parts.FillAsync(Right);

        var again = (await _parts.Leases.TakeAsync(8, Ct)).ShouldHaveSingleItem();
        again.Order.Account.ShouldBe(Wrong);
        again.IsUnknown.ShouldBeTrue();
    }

    [Fact]
    public async Task Sent_ByWhoHasLostTheLease_LeavesNoGapInTheTraceNumbers()
    {
        await _parts.FillAsync(Right);
        await _parts.ApproveAsync("p1");
        await _parts.ApproveAsync("p2");
        var leased = await _parts.Leases.TakeAsync(8, Ct);
        await _parts.RunAsync("update payments set lease_owner = 'another' where id = 'p1'");

        foreach (var payment in leased.Select(l => l.Payment).OrderBy(p => p.Id, StringComparer.Ordinal))
            await _parts.Bookings.SentAsync(payment, new BankEntry(payment.Id, 60000, "2026-11-27"), Ct);

        (await _parts.AskAsync<string>("select status from payments where id = 'p1'")).ShouldBe("sending");
        (await _parts.AskAsync<string>("select status from payments where id = 'p2'")).ShouldBe("sent");
        (await _parts.AskAsync<long>("select trace_number from payments where id = 'p2'")).ShouldBe(1);
    }

    [Fact]
    public async Task Release_OfWhatTheVaultCannotOpen_GoesOnWhenItCan()
    {
        await _parts.FillAsync(Right);
        await _parts.ApproveAsync("p1");
        await _parts.Leases.ReleaseAsync((await _parts.Leases.TakeAsync(8, Ct)).ShouldHaveSingleItem(), wasCalled: true, TimeSpan.Zero, Ct);
        await _parts.RunAsync("update payments set sealed = 'x' || sealed");

        (await _parts.Leases.TakeAsync(8, Ct)).ShouldBeEmpty();
        (await _parts.AskAsync<string>("select status || ' ' || held_for from payments")).ShouldBe("held unreadable-payee");
        (await ReleaseAsync()).Decision!.HeldFor.ShouldBe("unreadable-payee");
        (await _parts.Leases.TakeAsync(8, Ct)).ShouldBeEmpty();
        (await _parts.AskAsync<long>("select count(*) from payments where status = 'held' and held_at is not null")).ShouldBe(1);
        (await _parts.AskAsync<long>("select count(*) from incidents where kind = 'unreadable-payee'")).ShouldBe(2);

        await _parts.RunAsync("update payments set sealed = substr(sealed, 2)");
        (await ReleaseAsync()).Decision.ShouldNotBeNull();

        var leased = (await _parts.Leases.TakeAsync(8, Ct)).ShouldHaveSingleItem();
        leased.IsUnknown.ShouldBeTrue();
        leased.Order.Account.ShouldBe(Right);
        (await _parts.AskAsync<long>("select count(*) from payments where held_for is null and held_at is null")).ShouldBe(1);

        Task<Ruling> ReleaseAsync() => _parts.Part<HoldDesk>().DecideAsync(new("p1", DecisionKind.Released, "staff-1", null), Ct);
    }

    private async Task OpenBreakerAsync()
    {
        var breakers = _parts.Part<Breakers>();
        for (var i = 0; i < 3; i++)
        {
            await Should.ThrowAsync<HttpRequestException>(
                () => breakers.WithBreaker<bool>(BankClient.Name, _ => throw new HttpRequestException("The bank is away."), Ct));
        }

        breakers[BankClient.Name].State.ShouldBe(BreakerState.Open);
    }
}

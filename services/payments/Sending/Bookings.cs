using Dapper;
using HmsMesh.Kit;
using HmsMesh.Payments.Bank;
using HmsMesh.Payments.Events;
using HmsMesh.Payments.Incidents;
using HmsMesh.Payments.Ledger;
using HmsMesh.Payments.Payments;

namespace HmsMesh.Payments.Sending;

/// <summary>What the bank said becomes the payment's state, a posting and an event, in one transaction. Who has lost the lease books nothing.</summary>
internal sealed class Bookings(IWorkshop workshop, Leases leases)
{
    private const string Mine = "id = @Id and lease_owner = @Me and status = 'sending'";

    public async Task SentAsync(Payment payment, BankEntry entry, CancellationToken cancellationToken)
    {
        if (entry.AmountCents != payment.Cents)
        {
            await HoldAsync(payment, entry, cancellationToken);
            return;
        }

        await workshop.RunAsync(
            async (work, _) =>
            {
                // Ours first, from here to the commit: who has lost the lease takes no number.
                if (await work.Db.ExecuteAsync($"update payments set leased_until = 0 where {Mine}", new { payment.Id, leases.Me }) == 0)
                    return;
                await work.Db.ExecuteAsync(
                    "update payments set status = 'sent', sent_at = @now, day = @Day, trace_number = @trace, lease_owner = '' where id = @Id",
                    new { payment.Id, now = Now(work), entry.Day, trace = await TraceAsync(work, entry.Day!) });
                await work.PostAsync(payment.Id, Posting.Sent, payment.Cents);
                work.FollowsFrom(payment.CauseEvent);
                work.Say("payment.sent", new PaymentSent(payment.ClaimId, payment.Amount, payment.Citizen, payment.Id));
                work.AfterCommit(() => Log.Sent(work.Log, payment.Id, payment.ClaimId, Now(work) - payment.CreatedAt));
            },
            cancellationToken);
    }

    public Task RefusedAsync(Payment payment, CancellationToken cancellationToken) => workshop.RunAsync(
        async (work, _) =>
        {
            var refused = await work.Db.ExecuteAsync(
                $"update payments set status = 'refused', failed_at = @now, lease_owner = '', leased_until = 0 where {Mine}",
                new { payment.Id, leases.Me, now = Now(work) });
            if (refused == 0)
                return;
            await work.PostAsync(payment.Id, Posting.Refused, payment.Cents);
            work.FollowsFrom(payment.CauseEvent);
            work.Say("payment.failed", new PaymentFailed(payment.ClaimId, payment.Amount, "refused", null, payment.Citizen, payment.Id));
            work.AfterCommit(() => Log.Failed(work.Log, payment.Id, payment.ClaimId, "refused"));
        },
        cancellationToken);

    // One more row locks the day: trace numbers have no gaps, whoever books.
    private static Task<long> TraceAsync(Work work, string day) => work.Db.QuerySingleAsync<long>(
        """
        insert into ach_days (day, last_trace) values (@day, 1)
        on conflict (day) do update set last_trace = ach_days.last_trace + 1
        returning last_trace
        """,
        new { day });

    private Task HoldAsync(Payment payment, BankEntry entry, CancellationToken cancellationToken) => workshop.RunAsync(
        async (work, _) =>
        {
            var held = await work.Db.ExecuteAsync(
                $"update payments set status = 'held', held_for = @Kind, held_at = @now, lease_owner = '', leased_until = 0 where {Mine}",
                new { payment.Id, leases.Me, Kind = IncidentKind.BankDiffers, now = Now(work) });
            if (held == 1)
            {
                await work.ReportAsync(new(
                    IncidentKind.BankDiffers,
                    payment.ClaimId,
                    payment.Id,
                    $"The bank has an entry over {entry.AmountCents} cents for a payment of {payment.Cents}; the payment is held.",
                    payment.Cents,
                    entry.AmountCents));
            }
        },
        cancellationToken);

    private static long Now(Work work) => work.Time.GetUtcNow().ToUnixTimeMilliseconds();
}

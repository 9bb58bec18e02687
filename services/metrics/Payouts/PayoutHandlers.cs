using System.Globalization;
using Dapper;
using HmsMesh.Contracts;
using HmsMesh.Kit;
using HmsMesh.Metrics.Events;

namespace HmsMesh.Metrics.Payouts;

/// <summary>Notes what each event tells of a claim's payout, whichever comes first.</summary>
internal static class PayoutHandlers
{
    /// <summary>The first submission counts.</summary>
    public static async Task SubmittedAsync(ClaimSubmitted submitted, Handling handling, CancellationToken ct)
    {
        await handling.Db.ExecuteAsync(
            """
            insert into payouts (claim_id, submitted_at) values (@ClaimId, @at)
            on conflict (claim_id) do update set submitted_at = excluded.submitted_at
            where payouts.submitted_at is null or excluded.submitted_at < payouts.submitted_at
            """,
            new { submitted.ClaimId, at = At(handling).ToUnixTimeMilliseconds() });
        await MeasureAsync(submitted.ClaimId, handling);
    }

    /// <summary>The first approval counts, as it does for payments. Those that were told before it are judged now.</summary>
    public static async Task ApprovedAsync(ClaimApproved approved, Handling handling, CancellationToken ct)
    {
        var cents = await handling.Db.ExecuteScalarAsync<long>(
            """
            insert into payouts (claim_id, approved_cents) values (@ClaimId, @cents)
            on conflict (claim_id) do update set approved_cents = coalesce(payouts.approved_cents, excluded.approved_cents)
            returning approved_cents
            """,
            new { approved.ClaimId, cents = Cents(approved.Amount) });
        var early = (await handling.Db.QueryAsync<Payment>(
            """
            delete from early_payments where claim_id = @ClaimId
            returning cents as Cents, sent_at as At, sent_ordering as Ordering, sent_day as Day
            """,
            new { approved.ClaimId })).AsList();
        foreach (var payment in early)
            await TakeAsync(approved.ClaimId, payment, cents, handling);
        await MeasureAsync(approved.ClaimId, handling);
    }

    /// <summary>The latest payment over what was approved counts; one that comes before the approval waits for it. The claim's row is locked
    /// first, so that an approval of this moment is either seen here or sees this payment.</summary>
    public static async Task SentAsync(PaymentSent sent, Handling handling, CancellationToken ct)
    {
        var at = At(handling);
        var payment = new Payment
        {
            Cents = Cents(sent.Amount),
            At = at.ToUnixTimeMilliseconds(),
            Ordering = Ordering(handling),
            Day = at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
        var approved = await handling.Db.ExecuteScalarAsync<long?>(
            """
            insert into payouts (claim_id) values (@ClaimId)
            on conflict (claim_id) do update set claim_id = excluded.claim_id
            returning approved_cents
            """,
            new { sent.ClaimId });
        if (approved is not { } cents)
        {
            await WaitAsync(sent.ClaimId, payment, handling);
            return;
        }

        await TakeAsync(sent.ClaimId, payment, cents, handling);
        await MeasureAsync(sent.ClaimId, handling);
    }

    public static async Task FailedAsync(PaymentFailed failed, Handling handling, CancellationToken ct)
    {
        await handling.Db.ExecuteAsync(
            """
            insert into payouts (claim_id, failed_ordering) values (@ClaimId, @ordering)
            on conflict (claim_id) do update set failed_ordering = excluded.failed_ordering
            where payouts.failed_ordering is null or excluded.failed_ordering > payouts.failed_ordering
            """,
            new { failed.ClaimId, ordering = Ordering(handling) });
        await MeasureAsync(failed.ClaimId, handling);
    }

    private static async Task WaitAsync(string claimId, Payment payment, Handling handling)
    {
        await handling.Db.ExecuteAsync(
            """
            insert into early_payments (claim_id, cents, sent_at, sent_ordering, sent_day, heard_at) values (@claimId, @Cents, @At, @Ordering, @Day, @now)
            on conflict (claim_id, cents) do update
            set sent_at = excluded.sent_at, sent_ordering = excluded.sent_ordering, sent_day = excluded.sent_day
            where excluded.sent_ordering > early_payments.sent_ordering
            """,
            new { claimId, payment.Cents, payment.At, payment.Ordering, payment.Day, now = handling.Time.GetUtcNow().ToUnixTimeMilliseconds() });
        handling.AfterCommit(() => Log.Early(handling.Log, claimId, handling.Event.Id));
    }

    private static async Task TakeAsync(string claimId, Payment payment, long approvedCents, Handling handling)
    {
        if (payment.Cents != approvedCents)
        {
            handling.AfterCommit(() => Log.OtherAmount(handling.Log, claimId, approvedCents, payment.Cents, handling.Event.Id));
            return;
        }

        await handling.Db.ExecuteAsync(
            """
            update payouts set sent_at = @At, sent_ordering = @Ordering, sent_day = @Day
            where claim_id = @claimId and (sent_ordering is null or sent_ordering < @Ordering)
            """,
            new { claimId, payment.At, payment.Ordering, payment.Day });
    }

    private static async Task MeasureAsync(string claimId, Handling handling)
    {
        var ms = await handling.Db.ExecuteScalarAsync<long?>(
            """
            update payouts set
              ms = case
                when submitted_at is null or sent_at is null or sent_ordering < coalesce(failed_ordering, 0) then null
                when sent_at < submitted_at then 0
                else sent_at - submitted_at
              end,
              day = case when submitted_at is null or sent_at is null or sent_ordering < coalesce(failed_ordering, 0) then null else sent_day end
            where claim_id = @claimId
            returning ms
            """,
            new { claimId });
        if (ms is { } took)
            handling.AfterCommit(() => Log.Measured(handling.Log, claimId, took, handling.Event.Id));
    }

    // The contract has dollars of at most a million; a fraction of a cent is none that was approved.
    private static long Cents(decimal dollars) => decimal.IsInteger(dollars * 100) ? (long)(dollars * 100) : 0;

    private static DateTimeOffset At(Handling handling) => handling.Event.Time ?? handling.Time.GetUtcNow();

    /// <summary>The event's sequence; one without is never stale.</summary>
    private static long Ordering(Handling handling) =>
        long.TryParse(handling.Event.Sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : Sequence.Micros(handling.Time.GetUtcNow());
}

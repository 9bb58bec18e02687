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

    /// <summary>The latest payment counts.</summary>
    public static async Task SentAsync(PaymentSent sent, Handling handling, CancellationToken ct)
    {
        var at = At(handling);
        await handling.Db.ExecuteAsync(
            """
            insert into payouts (claim_id, sent_at, sent_ordering, sent_day) values (@ClaimId, @at, @ordering, @day)
            on conflict (claim_id) do update
            set sent_at = excluded.sent_at, sent_ordering = excluded.sent_ordering, sent_day = excluded.sent_day
            where payouts.sent_ordering is null or excluded.sent_ordering > payouts.sent_ordering
            """,
            new
            {
                sent.ClaimId,
                at = at.ToUnixTimeMilliseconds(),
                ordering = Ordering(handling),
                day = at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            });
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

    private static DateTimeOffset At(Handling handling) => handling.Event.Time ?? handling.Time.GetUtcNow();

    /// <summary>The event's sequence; one without is never stale.</summary>
    private static long Ordering(Handling handling) =>
        long.TryParse(handling.Event.Sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : Sequence.Micros(handling.Time.GetUtcNow());
}

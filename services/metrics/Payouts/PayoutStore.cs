using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using HmsMesh.Kit;

namespace HmsMesh.Metrics.Payouts;

/// <summary>The measures, by the database: no more than the answer leaves it.</summary>
internal static class PayoutStore
{
    private const int MostDays = 366;
    private const int MostSlow = 10;
    private const int Page = 500;

    // Nearest rank of p per cent among n: the least whole number that is not less than n * p / 100.
    private const string Ranks =
        """
        max(n) as Count,
        max(case when r = (n * 50 + 99) / 100 then ms end) as MedianMs,
        max(case when r = (n * 90 + 99) / 100 then ms end) as P90Ms,
        max(case when r = (n * 99 + 99) / 100 then ms end) as P99Ms
        """;

    public static async Task<PayoutReport> ReportAsync(this DbConnection db)
    {
        var all = await db.QuerySingleOrDefaultAsync<PayoutDay>(
            $"""
            with ranked as (select ms, row_number() over (order by ms) as r, count(*) over () as n from payouts where ms is not null)
            select {Ranks} from ranked having max(n) is not null
            """);
        var days = (await db.QueryAsync<PayoutDay>(
            $"""
            with ranked as (
              select day, ms, row_number() over (partition by day order by ms) as r, count(*) over (partition by day) as n
              from payouts where ms is not null)
            select day as Day, {Ranks} from ranked group by day order by day desc limit @MostDays
            """,
            new { MostDays })).Reverse().ToList();
        var slowest = await db.QueryAsync<Payout>(
            """
            select claim_id as ClaimId, submitted_at as SubmittedAt, sent_at as SentAt, ms as Ms
            from payouts where ms is not null order by ms desc, claim_id limit @MostSlow
            """,
            new { MostSlow });
        var failed = await db.ExecuteScalarAsync<long>(
            "select count(*) from payouts where failed_ordering is not null and (sent_ordering is null or sent_ordering < failed_ordering)");
        var waiting = await db.ExecuteScalarAsync<long>(
            """
            select count(*) from payouts
            where ms is null and approved_cents is not null and (failed_ordering is null or sent_ordering > failed_ordering)
            """);
        return new PayoutReport(
            all?.Count ?? 0, all?.MedianMs, all?.P90Ms, all?.P99Ms, failed, waiting, days,
            [.. slowest.Select(p => new SlowPayout(p.ClaimId, p.Ms, Payout.Text(p.SentAt)))]);
    }

    /// <summary>Every payout, the oldest first. Read page by page: whoever takes them slowly holds no snapshot of the database meanwhile.</summary>
    public static async IAsyncEnumerable<Payout> PayoutsAsync(this IWorkshop workshop, [EnumeratorCancellation] CancellationToken ct)
    {
        (long At, string Id) last = (long.MinValue, "");
        while (true)
        {
            var page = await workshop.ReadAsync((db, _) => db.PageAsync(last.At, last.Id), ct);
            foreach (var payout in page)
                yield return payout;
            if (page.Count < Page)
                yield break;
            last = (page[^1].SentAt, page[^1].ClaimId);
        }
    }

    private static async Task<List<Payout>> PageAsync(this DbConnection db, long at, string id) => (await db.QueryAsync<Payout>(
        """
        select claim_id as ClaimId, submitted_at as SubmittedAt, sent_at as SentAt, ms as Ms
        from payouts where ms is not null and (sent_at, claim_id) > (@at, @id) order by sent_at, claim_id limit @Page
        """,
        new { at, id, Page })).AsList();
}

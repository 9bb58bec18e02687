using System.Data.Common;
using Dapper;
using HmsMesh.Kit;

namespace HmsMesh.Payments.Payments;

/// <summary>Payments in the database, to be read.</summary>
internal static class PaymentStore
{
    public const string Columns =
        """
        id as Id, claim_id as ClaimId, citizen as Citizen, cents as Cents, status as Status, cast(approvals as bigint) as Approvals,
        cast(attempts as bigint) as Attempts, sealed as Sealed, leased_until as LeasedUntil, created_at as CreatedAt, sent_at as SentAt,
        failed_at as FailedAt, day as Day, trace_number as TraceNumber, code as Code, cause as Cause, correlation as Correlation,
        trace_parent as TraceParent, held_for as HeldFor, held_at as HeldAt
        """;

    public static async Task<IReadOnlyDictionary<string, long>> CountsAsync(this DbConnection db)
    {
        var counts = (await db.QueryAsync<StatusCount>("select status as Status, count(*) as Count from payments group by status"))
            .ToDictionary(c => c.Status, c => c.Count, StringComparer.Ordinal);
        return PaymentStatus.All.ToDictionary(s => s, s => counts.GetValueOrDefault(s), StringComparer.Ordinal);
    }

    /// <summary>The latest ones of these statuses.</summary>
    public static async Task<IReadOnlyList<Payment>> PaymentsAsync(this DbConnection db, IReadOnlyList<string> statuses, int take)
    {
        var list = new SqlList(
            $"select {Columns} from payments where status in @status order by created_at desc, id desc limit @take", "status", statuses);
        return (await db.QueryAsync<Payment>(list.Sql, list.With(("take", take)))).AsList();
    }

    /// <summary>What is in the file of a day, in the order of its trace numbers; an entry that came back later is in it all the same.</summary>
    public static async Task<IReadOnlyList<Payment>> PaymentsOfDayAsync(this DbConnection db, string day, int most) =>
        (await db.QueryAsync<Payment>(
            $"select {Columns} from payments where day = @day order by trace_number limit @most", new { day, most })).AsList();

    public static Task<Payment?> PaymentAsync(this DbConnection db, string id) =>
        db.QuerySingleOrDefaultAsync<Payment>($"select {Columns} from payments where id = @id", new { id });

    public static Task<long> SecondApprovalsAsync(this DbConnection db) =>
        db.QuerySingleAsync<long>("select cast(coalesce(sum(approvals - 1), 0) as bigint) from payments");
}

using Dapper;
using HmsMesh.Kit;

namespace HmsMesh.Journey.Claims;

/// <summary>What claims were approved for, and payments that came before that.</summary>
internal static class ApprovalStore
{
    /// <summary>Notes it; the first approval of a claim counts, and is returned.</summary>
    public static Task<long> ApproveAsync(this Work work, string claimId, long cents) => work.Db.QuerySingleAsync<long>(
        """
        insert into approvals (claim_id, cents) values (@claimId, @cents)
        on conflict (claim_id) do update set cents = coalesce(approvals.cents, excluded.cents)
        returning cents
        """,
        new { claimId, cents });

    /// <summary>Null where it is not approved, as far as is known. An approval of this moment waits for this transaction, and sees its payment.</summary>
    public static Task<long?> ApprovedCentsAsync(this Work work, string claimId) => work.Db.QuerySingleAsync<long?>(
        "insert into approvals (claim_id) values (@claimId) on conflict (claim_id) do update set claim_id = excluded.claim_id returning cents",
        new { claimId });

    public static Task WaitAsync(this Work work, string claimId, Payment payment) => work.Db.ExecuteAsync(
        """
        insert into early_payments (claim_id, cents, ordering, happened_at, heard_at) values (@claimId, @Cents, @Ordering, @At, @now)
        on conflict (claim_id, cents) do update set ordering = excluded.ordering, happened_at = excluded.happened_at
        where excluded.ordering > early_payments.ordering
        """,
        new { claimId, payment.Cents, payment.Ordering, payment.At, now = work.Time.GetUtcNow().ToUnixTimeMilliseconds() });

    /// <summary>Those that waited; they do no more.</summary>
    public static async Task<List<Payment>> TakeEarlyAsync(this Work work, string claimId) => (await work.Db.QueryAsync<Payment>(
        "delete from early_payments where claim_id = @claimId returning cents as Cents, ordering as Ordering, happened_at as At", new { claimId })).AsList();
}

using System.Data.Common;
using Dapper;
using HmsMesh.Kit;

namespace HmsMesh.Payments.Holds;

/// <summary>Decisions in the database.</summary>
internal static class DecisionStore
{
    private const string Columns = "id as Id, payment_id as PaymentId, at as At, actor as Actor, kind as Kind, held_for as HeldFor";

    /// <summary>False where this actor has sent this key before.</summary>
    public static async Task<bool> AddAsync(this Work work, Decision decision, string? key) => await work.Db.ExecuteAsync(
        """
        insert into decisions (id, payment_id, at, actor, kind, held_for, idempotency_key)
        values (@Id, @PaymentId, @At, @Actor, @Kind, @HeldFor, @key)
        on conflict do nothing
        """,
        new { decision.Id, decision.PaymentId, decision.At, decision.Actor, decision.Kind, decision.HeldFor, key }) == 1;

    public static Task RemoveAsync(this Work work, Decision decision) =>
        work.Db.ExecuteAsync("delete from decisions where id = @Id", new { decision.Id });

    public static Task<Decision> DecisionOfKeyAsync(this DbConnection db, string actor, string key) =>
        db.QuerySingleAsync<Decision>($"select {Columns} from decisions where actor = @actor and idempotency_key = @key", new { actor, key });

    /// <summary>The last one of a payment.</summary>
    public static Task<Decision?> LastDecisionAsync(this DbConnection db, string paymentId) => db.QueryFirstOrDefaultAsync<Decision>(
        $"select {Columns} from decisions where payment_id = @paymentId order by at desc, id desc limit 1", new { paymentId });

    /// <summary>The latest ones.</summary>
    public static async Task<IReadOnlyList<Decision>> DecisionsAsync(this DbConnection db, int take) =>
        (await db.QueryAsync<Decision>($"select {Columns} from decisions order by at desc, id desc limit @take", new { take })).AsList();
}

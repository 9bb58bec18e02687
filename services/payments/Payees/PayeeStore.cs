using System.Data.Common;
using Dapper;
using HmsMesh.Kit;
using HmsMesh.Payments.Payments;

namespace HmsMesh.Payments.Payees;

/// <summary>Sealed payees in the database.</summary>
internal static class PayeeStore
{
    public static Task<string?> SealedPayeeAsync(this DbConnection db, string citizen) =>
        db.QuerySingleOrDefaultAsync<string?>("select sealed from payees where citizen = @citizen", new { citizen });

    /// <summary>Fills it, and lets go on what waited for it. Says how many payments that were.</summary>
    public static async Task<int> FillAsync(this Work work, string citizen, string sealedPayee, bool keep = false)
    {
        var now = work.Time.GetUtcNow().ToUnixTimeMilliseconds();
        await work.Db.ExecuteAsync(
            """
            insert into payees (citizen, sealed, updated_at) values (@citizen, @sealedPayee, @now)
            on conflict (citizen) do update set sealed = case when @keep = 1 then coalesce(payees.sealed, excluded.sealed) else excluded.sealed end,
              updated_at = excluded.updated_at
            """,
            new { citizen, sealedPayee, now, keep = keep ? 1 : 0 });
        return await work.Db.ExecuteAsync(
            "update payments set status = @Pending, next_at = @now where citizen = @citizen and status = @WaitingForPayee",
            new { citizen, now, Pending = PaymentStatus.Pending, WaitingForPayee = PaymentStatus.WaitingForPayee });
    }
}

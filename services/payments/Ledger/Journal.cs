using System.Data.Common;
using Dapper;
using HmsMesh.Kit;

namespace HmsMesh.Payments.Ledger;

/// <summary>The journal in the database.</summary>
internal static class Journal
{
    /// <summary>Books it in the transaction of what it tells of. The database refuses the same booking of a payment twice.</summary>
    public static Task PostAsync(this Work work, string paymentId, Posting posting, long cents)
    {
        var now = work.Time.GetUtcNow();
        return work.Db.ExecuteAsync(
            "insert into journal (id, at, debit, credit, cents, payment_id, memo) values (@id, @at, @Debit, @Credit, @cents, @paymentId, @Memo)",
            new { id = Guid.CreateVersion7(now).ToString(), at = now.ToUnixTimeMilliseconds(), posting.Debit, posting.Credit, cents, paymentId, posting.Memo });
    }

    /// <param name="db">The connection.</param>
    /// <param name="from">How many postings to leave out, from the latest.</param>
    /// <param name="take">How many to read.</param>
    public static async Task<LedgerView> LedgerAsync(this DbConnection db, int from, int take)
    {
        var rows = await db.QueryAsync<JournalRow>(
            """
            select id as Id, at as At, debit as Debit, credit as Credit, cents as Cents, payment_id as PaymentId, memo as Memo
            from journal order by at desc, id desc limit @take offset @from
            """,
            new { take, from });
        var sums = (await db.QueryAsync<AccountSum>(
            """
            select account as Account, cast(sum(cents) as bigint) as Cents
            from (select debit as account, cents from journal union all select credit as account, -cents from journal) sides
            group by account
            """)).ToDictionary(s => s.Account, s => s.Cents, StringComparer.Ordinal);
        var balances = Posting.Accounts.ToDictionary(a => a, a => sums.GetValueOrDefault(a), StringComparer.Ordinal);
        var postings = await db.QuerySingleAsync<long>("select count(*) from journal");
        return new([.. rows.SelectMany(r => r.Entries)], balances, sums.Values.Sum() == 0, postings * 2);
    }
}

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
        // One statement, so that both sides are of one moment.
        var sums = (await db.QueryAsync<AccountSum>(
            """
            select account as Account, cast(sum(booked) as bigint) as Cents, cast(sum(due) as bigint) as DueCents
            from (
              select debit as account, cents as booked, 0 as due from journal
              union all select credit, -cents, 0 from journal
              union all select 'obligations', 0, cents from payments where status <> 'refused'
              union all
              select case status when 'sent' then 'bank' when 'returned' then 'returns' else 'pending' end, 0, -cents from payments where status <> 'refused'
            ) sides
            group by account
            """)).ToDictionary(s => s.Account, StringComparer.Ordinal);
        var balances = Posting.Accounts.ToDictionary(a => a, a => sums.TryGetValue(a, out var sum) ? sum.Cents : 0, StringComparer.Ordinal);
        var isBalanced = sums.Values.All(s => s.Cents == s.DueCents);
        var postings = await db.QuerySingleAsync<long>("select count(*) from journal");
        return new([.. rows.SelectMany(r => r.Entries)], balances, isBalanced, postings * 2);
    }
}

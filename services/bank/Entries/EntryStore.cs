using System.Data.Common;
using System.Globalization;
using Dapper;
using HmsMesh.Bank.Modes;
using HmsMesh.Kit;

namespace HmsMesh.Bank.Entries;

/// <summary>The entries in the database.</summary>
internal static class EntryStore
{
    public const string Columns =
        """
        id as Id, idempotency_key as "Key", fingerprint as Fingerprint, cents as Cents, day as Day, taken_at as TakenAt,
        return_code as ReturnCode, return_number as ReturnNumber
        """;

    public static Task<Entry?> EntryAsync(this DbConnection db, string key) => db.QueryFirstOrDefaultAsync<Entry>(
        $"select {Columns} from entries where idempotency_key = @key order by taken_at, id limit 1", new { key });

    /// <summary>The entry under the key, and whether it was there before. A forgetful bank takes one more.</summary>
    public static async Task<(Entry Entry, bool IsNew)> TakeAsync(this Work work, string key, EntryOrder order, BankMode mode, TimeSpan returnAfter)
    {
        var now = work.Time.GetUtcNow();
        var forgets = mode == BankMode.Forgetful && await work.Db.EntryAsync(key) is not null;
        var taken = await work.Db.QuerySingleOrDefaultAsync<Entry>(
            $"""
            insert into entries (id, idempotency_key, once, fingerprint, account_ending, kind, cents, day, taken_at, returns_at)
            values (@id, @key, @once, @Fingerprint, @AccountEnding, @Kind, @AmountCents, @day, @now, @returnsAt)
            on conflict (once) do nothing
            returning {Columns}
            """,
            new
            {
                id = Guid.CreateVersion7(now).ToString(),
                key,
                once = forgets ? null : key,
                order.Fingerprint,
                order.AccountEnding,
                order.Kind,
                order.AmountCents,
                day = now.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                now = now.ToUnixTimeMilliseconds(),
                returnsAt = mode == BankMode.Return ? (now + returnAfter).ToUnixTimeMilliseconds() : (long?)null,
            });
        return taken is not null ? (taken, true) : ((await work.Db.EntryAsync(key))!, false);
    }
}

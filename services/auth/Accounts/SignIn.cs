using Dapper;
using HmsMesh.Auth.Secrets;
using HmsMesh.Kit;

namespace HmsMesh.Auth.Accounts;

/// <summary>Tries to sign in: five that fail in a row lock a name for five minutes, whether it is an account's or not.</summary>
internal sealed class SignIn(AccountBook accounts, AccountStore store, IWorkshop workshop, TimeProvider time)
{
    public const int MostFailures = 5;
    public static readonly TimeSpan Lock = TimeSpan.FromMinutes(5);

    public async Task<SignInResult> TryAsync(string name, string password, CancellationToken cancellationToken)
    {
        name = name.Trim().ToLowerInvariant();
        var key = Shown.Hash(name);

        // Counted before the password is looked at: guesses side by side are no more than guesses one after another.
        if (await CountAsync(key, cancellationToken) is { } locked)
            return new SignInResult(null, locked);
        var account = accounts.Find(name);
        if (!await store.ProvesAsync(account, password, cancellationToken))
            return new SignInResult(null);
        await workshop.RunAsync((work, _) => work.Db.ExecuteAsync("DELETE FROM attempt WHERE name_hash = @key", new { key }), cancellationToken);
        return new SignInResult(account);
    }

    private Task<TimeSpan?> CountAsync(string key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var stale = now - (long)Lock.TotalMilliseconds;
        return workshop.RunAsync(
            async (work, _) =>
            {
                await work.Db.ExecuteAsync("DELETE FROM attempt WHERE last_at <= @stale", new { stale });
                var lockedSince = await work.Db.QuerySingleOrDefaultAsync<long?>(
                    "SELECT last_at FROM attempt WHERE name_hash = @key AND failures >= @MostFailures", new { key, MostFailures });
                if (lockedSince is { } since)
                    return TimeSpan.FromMilliseconds(since - stale);
                await work.Db.ExecuteAsync(
                    """
                    INSERT INTO attempt (name_hash, failures, last_at) VALUES (@key, 1, @now)
                    ON CONFLICT (name_hash) DO UPDATE SET failures = attempt.failures + 1, last_at = @now
                    """,
                    new { key, now });
                return (TimeSpan?)null;
            },
            cancellationToken);
    }
}

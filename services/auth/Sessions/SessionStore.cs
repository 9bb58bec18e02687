using System.Data.Common;
using Dapper;
using HmsMesh.Auth.Secrets;
using HmsMesh.Kit;

namespace HmsMesh.Auth.Sessions;

/// <summary>Sessions, their codes and refresh tokens. Each is used once: who shows one again ends its session, whether it is the thief or
/// the owner (RFC 6749, 10.5; RFC 9700, 4.14).</summary>
internal sealed class SessionStore(AuthSettings settings, IWorkshop workshop, TimeProvider time)
{
    private const string SessionColumns =
        "SELECT id AS Id, account AS Account, client AS Client, scope AS Scope, signed_in_at AS SignedInAt, expires_at AS ExpiresAt, ended AS Ended FROM session";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Begins a session, and gives the code for it.</summary>
    public async Task<string> BeginAsync(
        string account, string client, string scope, string redirect, string challenge, string? nonce, CancellationToken cancellationToken)
    {
        var code = Shown.New();
        var now = Now;
        var session = new Session
        {
            Id = Shown.New(),
            Account = account,
            Client = client,
            Scope = scope,
            SignedInAt = now,
            ExpiresAt = now + (long)settings.SessionLifetime.TotalMilliseconds,
        };
        var row = new CodeRow
        {
            Hash = Shown.Hash(code),
            Session = session.Id,
            Redirect = redirect,
            Challenge = challenge,
            Nonce = nonce,
            ExpiresAt = now + (long)settings.CodeLifetime.TotalMilliseconds,
        };
        await workshop.RunAsync(
            async (work, _) =>
            {
                await PruneAsync(work.Db, now);
                await work.Db.ExecuteAsync(
                    """
                    INSERT INTO session (id, account, client, scope, signed_in_at, expires_at, ended)
                    VALUES (@Id, @Account, @Client, @Scope, @SignedInAt, @ExpiresAt, 0)
                    """,
                    session);
                await work.Db.ExecuteAsync(
                    """
                    INSERT INTO code (hash, session, redirect, challenge, nonce, expires_at, used)
                    VALUES (@Hash, @Session, @Redirect, @Challenge, @Nonce, @ExpiresAt, 0)
                    """,
                    row);
            },
            cancellationToken);
        return code;
    }

    /// <summary>Takes a code. It is spent by whatever its client shows with it.</summary>
    public Task<Redeemed> RedeemCodeAsync(
        string code, string client, string redirect, string challenge, bool withRefresh, CancellationToken cancellationToken) => workshop.RunAsync(
        async (work, _) =>
        {
            var hash = Shown.Hash(code);
            var row = await work.Db.QuerySingleOrDefaultAsync<CodeRow>(
                """
                SELECT hash AS Hash, session AS Session, redirect AS Redirect, challenge AS Challenge, nonce AS Nonce, expires_at AS ExpiresAt, used AS Used
                FROM code WHERE hash = @hash
                """,
                new { hash });
            if (row is null || await FindAsync(work.Db, row.Session) is not { } session || session.Client != client)
                return new Redeemed(null);
            if (await work.Db.ExecuteAsync("UPDATE code SET used = 1 WHERE hash = @hash AND used = 0", new { hash }) == 0)
            {
                await EndAsync(work.Db, session.Id);
                return new Redeemed(null, WasUsed: true);
            }

            return row.ExpiresAt > Now && session.Ended == 0 && row.Redirect == redirect && Shown.Same(row.Challenge, challenge)
                ? new Redeemed(session, withRefresh ? await AddRefreshAsync(work.Db, session) : null, row.Nonce)
                : new Redeemed(null);
        },
        cancellationToken);

    /// <summary>Takes a refresh token and gives the next one.</summary>
    public Task<Redeemed> RedeemRefreshAsync(string token, string client, CancellationToken cancellationToken) => workshop.RunAsync(
        async (work, _) =>
        {
            var hash = Shown.Hash(token);
            if (await FindRefreshAsync(work.Db, hash) is not { } row || await FindAsync(work.Db, row.Session) is not { } session || session.Client != client)
                return new Redeemed(null);
            if (session.Ended != 0 || session.ExpiresAt <= Now)
                return new Redeemed(null);
            if (await work.Db.ExecuteAsync("UPDATE refresh_token SET used = 1 WHERE hash = @hash AND used = 0", new { hash }) == 0)
            {
                await EndAsync(work.Db, session.Id);
                return new Redeemed(null, WasUsed: true);
            }

            return new Redeemed(session, await AddRefreshAsync(work.Db, session));
        },
        cancellationToken);

    /// <summary>Ends the session of a refresh token; false where the client has no such token.</summary>
    public Task<bool> RevokeRefreshAsync(string token, string client, CancellationToken cancellationToken) => workshop.RunAsync(
        async (work, _) =>
        {
            if (await FindRefreshAsync(work.Db, Shown.Hash(token)) is not { } row || await FindAsync(work.Db, row.Session) is not { } session || session.Client != client)
                return false;
            await EndAsync(work.Db, session.Id);
            return true;
        },
        cancellationToken);

    public Task EndAsync(string session, string client, CancellationToken cancellationToken) => workshop.RunAsync(
        (work, _) => work.Db.ExecuteAsync("UPDATE session SET ended = 1 WHERE id = @session AND client = @client", new { session, client }), cancellationToken);

    public Task<bool> IsAliveAsync(string session, CancellationToken cancellationToken) => workshop.ReadAsync(
        async (db, _) => await FindAsync(db, session) is { Ended: 0 } found && found.ExpiresAt > Now, cancellationToken);

    private static Task<Session?> FindAsync(DbConnection db, string session) =>
        db.QuerySingleOrDefaultAsync<Session>($"{SessionColumns} WHERE id = @session", new { session });

    private static Task<RefreshRow?> FindRefreshAsync(DbConnection db, string hash) =>
        db.QuerySingleOrDefaultAsync<RefreshRow>("SELECT session AS Session, used AS Used FROM refresh_token WHERE hash = @hash", new { hash });

    private static Task EndAsync(DbConnection db, string session) => db.ExecuteAsync("UPDATE session SET ended = 1 WHERE id = @session", new { session });

    private static async Task<string> AddRefreshAsync(DbConnection db, Session session)
    {
        var token = Shown.New();
        await db.ExecuteAsync(
            "INSERT INTO refresh_token (hash, session, expires_at, used) VALUES (@hash, @Id, @ExpiresAt, 0)",
            new { hash = Shown.Hash(token), session.Id, session.ExpiresAt });
        return token;
    }

    // What is over is forgotten, and a used code or token with its session, since until then it tells a thief.
    private static async Task PruneAsync(DbConnection db, long now)
    {
        await db.ExecuteAsync("DELETE FROM refresh_token WHERE session IN (SELECT id FROM session WHERE expires_at < @now)", new { now });
        await db.ExecuteAsync("DELETE FROM code WHERE session IN (SELECT id FROM session WHERE expires_at < @now)", new { now });
        await db.ExecuteAsync("DELETE FROM session WHERE expires_at < @now", new { now });
    }
}

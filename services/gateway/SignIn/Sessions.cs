using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using HmsMesh.Gateway.Auth;
using HmsMesh.Gateway.Identity;
using HmsMesh.Kit;

namespace HmsMesh.Gateway.SignIn;

/// <summary>Browsers that are signed in: found by their cookie, their tokens renewed before they end.</summary>
internal sealed class Sessions(SessionStore store, Secrets secrets, OpenIdClient issuer, ServiceTokens exchange, TimeProvider time) : IDisposable
{
    public const string Cookie = "hms-session";
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
    private const string Purpose = "session ";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    // A refresh token is good once: two requests of one session must not both use it.
    private readonly SemaphoreSlim[] _renewals = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Begins a session and gives its cookie's value.</summary>
    public async Task<(string Cookie, Session Session)> BeginAsync(SessionTokens tokens, string subject, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var row = new SessionRow
        {
            IdHash = Door.Hash(id),
            Subject = subject,
            Sealed = (await secrets.SealerAsync(ct)).Seal(JsonSerializer.Serialize(tokens), Purpose + Door.Hash(id)),
            SeenAt = SessionStore.Stamp(now),
            EndsAt = SessionStore.Stamp(now + Lifetime),
        };
        await store.AddAsync(row, tokens.AccessEnds, ct);
        return (id, SessionOf(row, tokens));
    }

    /// <summary>Who is signed in; null for nobody.</summary>
    /// <param name="http">The request with the cookie.</param>
    /// <param name="isActive">Whether someone did something: what a page asks by itself does not make a session last.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<Session?> FindAsync(HttpContext http, bool isActive, CancellationToken ct)
    {
        if (http.Request.Cookies[Cookie] is not { Length: 43 } id || await store.FindAsync(Door.Hash(id), ct) is not { } row)
            return null;
        var now = time.GetUtcNow();
        var seen = SessionStore.Time(row.SeenAt);
        if (SessionStore.Time(row.EndsAt) <= now || seen + Idle <= now || await OpenAsync(row, ct) is not { } tokens)
            return null;
        if (isActive && now - seen > TimeSpan.FromMinutes(1))
            await store.SeenAsync(row.IdHash, now, ct);
        return SessionOf(row, tokens);
    }

    /// <summary>An access token that is good for a while; null where the issuer gives none any more, and the session is over.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="within">It is renewed where it ends within that time.</param>
    /// <param name="ct">Ends the wait.</param>
    public async ValueTask<string?> AccessTokenAsync(Session session, TimeSpan within, CancellationToken ct)
    {
        var gate = _renewals[(uint)session.IdHash.GetHashCode(StringComparison.Ordinal) % _renewals.Length];
        await gate.WaitAsync(ct);
        try
        {
            if (await store.FindAsync(session.IdHash, ct) is not { } row || await OpenAsync(row, ct) is not { } tokens)
                return null;
            var left = tokens.AccessEnds - time.GetUtcNow();
            if (left > within)
                return tokens.Access;
            try
            {
                if (await RenewedAsync(row, tokens, ct) is { } renewed)
                    return renewed.Access;
            }
            catch (IssuerException) when (left > Margin)
            {
                // It was only ahead of time.
                return tokens.Access;
            }

            await store.RemoveAsync(row.IdHash, ct);
            return null;
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task EndAsync(Session session, CancellationToken ct)
    {
        exchange.Forget(session.IdHash);
        var row = await store.FindAsync(session.IdHash, ct);
        await store.RemoveAsync(session.IdHash, ct);
        try
        {
            if (row is not null && (await OpenAsync(row, ct))?.Refresh is { } refresh)
                await issuer.RevokeAsync(refresh, ct);
        }
        catch (IssuerException)
        {
            // Signed out here all the same; the token ends by itself.
        }
    }

    public void Dispose()
    {
        foreach (var gate in _renewals)
            gate.Dispose();
    }

    private static Session SessionOf(SessionRow row, SessionTokens tokens) => new(
        row.IdHash,
        new Caller(row.Subject, tokens.Client, tokens.Scopes.ToHashSet(StringComparer.Ordinal), tokens.Roles.ToHashSet(StringComparer.Ordinal)),
        tokens.Name,
        SessionStore.Time(row.EndsAt));

    private async Task<SessionTokens?> OpenAsync(SessionRow row, CancellationToken ct) =>
        (await secrets.SealerAsync(ct)).Open(row.Sealed, Purpose + row.IdHash) is { } text ? JsonSerializer.Deserialize<SessionTokens>(text) : null;

    private async Task<SessionTokens?> RenewedAsync(SessionRow row, SessionTokens tokens, CancellationToken ct)
    {
        if (tokens.Refresh is null)
            return null;
        var asked = time.GetUtcNow();
        var grant = await issuer.GrantAsync([new("grant_type", "refresh_token"), new("refresh_token", tokens.Refresh)], ct);
        if (!grant.IsGiven)
            return null;
        var renewed = tokens with { Access = grant.AccessToken!, AccessEnds = asked.AddSeconds(grant.ExpiresIn), Refresh = grant.RefreshToken ?? tokens.Refresh };

        // Whoever asked may be gone: what was renewed is kept in any case, as the old token is good no more.
        await store.RenewAsync(row.IdHash, (await secrets.SealerAsync(ct)).Seal(JsonSerializer.Serialize(renewed), Purpose + row.IdHash), renewed.AccessEnds, CancellationToken.None);
        return renewed;
    }
}

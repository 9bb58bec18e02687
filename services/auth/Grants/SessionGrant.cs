using System.Security.Cryptography;
using System.Text;
using HmsMesh.Auth.Accounts;
using HmsMesh.Auth.Clients;
using HmsMesh.Auth.Sessions;
using HmsMesh.Auth.Tokens;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Auth.Grants;

/// <summary>Tokens of a citizen: by the code that a sign-in gave (RFC 6749, 4.1, and RFC 7636), and by a refresh token (6).</summary>
internal sealed class SessionGrant(AccountBook accounts, AccountStore store, SessionStore sessions, TokenWriter tokens, ILogger<SessionGrant> log)
{
    /// <summary>The audience of a citizen's token: the one door.</summary>
    public const string Door = "gateway";
    private const string Invalid = "invalid_grant";

    public async Task<GrantAnswer> ByCodeAsync(Client client, Parameters form, CancellationToken cancellationToken)
    {
        if (form["code"] is not { } code || form["redirect_uri"] is not { } redirect || form["code_verifier"] is not { } verifier)
            return GrantAnswer.Refused("invalid_request", "code, redirect_uri and code_verifier are needed.");
        if (verifier.Length is < 43 or > 128)
            return GrantAnswer.Refused("invalid_request", "A code_verifier has 43 to 128 characters.");
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var redeemed = await sessions.RedeemCodeAsync(code, client.Id, redirect, challenge, client.May(GrantTypes.Refresh), cancellationToken);
        if (redeemed.WasUsed)
            log.UsedTwice(client.Id, "code");
        return redeemed.Session is { } session
            ? await AnswerAsync(session, redeemed, session.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries), cancellationToken)
            : GrantAnswer.Refused(Invalid, "The code is not valid: it was used, it is over, or it belongs to another request.");
    }

    public async Task<GrantAnswer> ByRefreshAsync(Client client, Parameters form, CancellationToken cancellationToken)
    {
        if (form["refresh_token"] is not { } token)
            return GrantAnswer.Refused("invalid_request", "refresh_token is needed.");
        var redeemed = await sessions.RedeemRefreshAsync(token, client.Id, cancellationToken);
        if (redeemed.WasUsed)
            log.UsedTwice(client.Id, "refresh token");
        if (redeemed.Session is not { } session)
            return GrantAnswer.Refused(Invalid, "The refresh token is not valid: it was used, or its session has ended.");

        // Less than was granted may be asked for, never more; the refresh token keeps what was granted.
        var granted = session.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return await AnswerAsync(session, redeemed, form.List("scope")?.Intersect(granted, StringComparer.Ordinal) ?? granted, cancellationToken);
    }

    private async Task<GrantAnswer> AnswerAsync(Session session, Redeemed redeemed, IEnumerable<string> scopes, CancellationToken cancellationToken)
    {
        if (accounts.Find(session.Account) is not { } account)
            return GrantAnswer.Refused(Invalid, "The account is not there any more.");
        var subject = await store.SubjectAsync(account, cancellationToken);
        var asked = scopes.ToList();

        // What the account may do now decides: less than at the sign-in, where that was changed.
        var allowed = asked.Where(s => account.Scopes.Contains(s, StringComparer.Ordinal)).ToList();
        var grant = new Grant { Subject = subject, Client = session.Client, Audience = Door, Scopes = allowed, Roles = account.Roles, Session = session.Id };
        var idToken = asked.Contains(Scopes.OpenId, StringComparer.Ordinal)
            ? await tokens.IdAsync(
                session.Client, subject, session.Id, DateTimeOffset.FromUnixTimeMilliseconds(session.SignedInAt), redeemed.Nonce,
                asked.Contains(Scopes.Profile, StringComparer.Ordinal) ? account.Shows : null, cancellationToken)
            : null;
        return new GrantAnswer
        {
            AccessToken = await tokens.AccessAsync(grant, cancellationToken),
            ExpiresIn = tokens.Seconds,
            Scope = string.Join(' ', asked.Where(s => Scopes.IsIdentity(s) || allowed.Contains(s, StringComparer.Ordinal))),
            Audience = Door,
            RefreshToken = redeemed.Refresh,
            IdToken = idToken,
        };
    }
}

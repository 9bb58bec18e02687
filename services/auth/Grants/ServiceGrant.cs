using HmsMesh.Auth.Accounts;
using HmsMesh.Auth.Clients;
using HmsMesh.Auth.Sessions;
using HmsMesh.Auth.Tokens;
using HmsMesh.Kit;

namespace HmsMesh.Auth.Grants;

/// <summary>Tokens for services: a client's own (RFC 6749, 4.4), and those that the gateway gets in exchange for a citizen's or an API key
/// (RFC 8693). A citizen's may be one of an issuer that <c>Auth__Trusts</c> names: he gets an id of ours.</summary>
internal sealed class ServiceGrant(
    ClientBook clients, SessionStore sessions, TokenReader reader, TokenWriter tokens, ITokenChecker foreign, ForeignAccounts accounts)
{
    public const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";
    public const string JwtType = "urn:ietf:params:oauth:token-type:jwt";
    public const string ApiKeyType = "urn:hms:token-type:api-key";

    public async Task<GrantAnswer> ByClientAsync(Client client, Parameters form, CancellationToken cancellationToken)
    {
        if (form["audience"] is { Length: > 64 })
            return GrantAnswer.Refused("invalid_target", "The audience is no app id.");
        if (form["audience"] is { } asked && !client.MayCall(asked))
            return GrantAnswer.Refused("invalid_target", "The client may have no token for this audience.");
        if (form.List("scope") is { } scopes && scopes.Except(client.OwnScopes, StringComparer.Ordinal).Any())
            return GrantAnswer.Refused("invalid_scope", "The client may not have this scope.");
        return await AnswerAsync(
            new Grant
            {
                Subject = client.Id,
                Client = client.Id,
                Audience = form["audience"] ?? SessionGrant.Door,
                Scopes = form.List("scope") ?? client.OwnScopes,
                Roles = client.OwnRoles,
            },
            issuedType: null,
            cancellationToken);
    }

    public async Task<GrantAnswer> ByExchangeAsync(Client client, Parameters form, CancellationToken cancellationToken)
    {
        if (form["subject_token"] is not { } subjectToken || form["subject_token_type"] is not { } type || form["audience"] is not { } audience)
            return GrantAnswer.Refused("invalid_request", "subject_token, subject_token_type and audience are needed.");
        if (form["actor_token"] is not null || (form["requested_token_type"] ?? AccessTokenType) is not (AccessTokenType or JwtType))
            return GrantAnswer.Refused("invalid_request", "Only access tokens are issued, and no actor_token is taken.");
        if (!client.MayCall(audience))
            return GrantAnswer.Refused("invalid_target", "The client may have no token for this audience.");
        var (subject, isAway) = type switch
        {
            ApiKeyType => (await OfApiKeyAsync(subjectToken, cancellationToken), false),
            AccessTokenType or JwtType when await OfTokenAsync(subjectToken, client, cancellationToken) is { } ours => (ours, false),
            AccessTokenType or JwtType => await OfForeignTokenAsync(subjectToken, client, cancellationToken),
            _ => default,
        };
        if (isAway)
            return GrantAnswer.Refused("temporarily_unavailable", "The keys of the subject token's issuer cannot be had now.");
        if (subject is null)
            return GrantAnswer.Refused("invalid_request", "The subject token is not valid, is over, or its session has ended.");

        // Never more than either of the two may do.
        var scopes = subject.Scopes.Intersect(client.Scopes, StringComparer.Ordinal);
        if (form.List("scope") is { } asked)
            scopes = scopes.Intersect(asked, StringComparer.Ordinal);
        return await AnswerAsync(
            subject with { Client = client.Id, Audience = audience, Scopes = [.. scopes], Actor = client.Id }, form["requested_token_type"] ?? AccessTokenType, cancellationToken);
    }

    private async Task<Grant?> OfApiKeyAsync(string key, CancellationToken cancellationToken) =>
        await clients.OfApiKeyAsync(key, cancellationToken) is { } owner
            ? new Grant { Subject = owner.Id, Client = owner.Id, Audience = "", Scopes = owner.OwnScopes, Roles = owner.OwnRoles }
            : null;

    // A token that was meant for the client which shows it: nobody passes on what was not for them.
    private async Task<Grant?> OfTokenAsync(string token, Client client, CancellationToken cancellationToken)
    {
        if (await reader.ReadAsync(token, TokenWriter.AccessType, audience: client.Id, evenOver: false, cancellationToken) is not { } jwt)
            return null;
        var session = jwt.TryGetPayloadValue<string>("sid", out var id) ? id : null;
        if (session is not null && !await sessions.IsAliveAsync(session, cancellationToken))
            return null;
        return new Grant
        {
            Subject = jwt.Subject,
            Client = client.Id,
            Audience = "",
            Scopes = jwt.GetPayloadValue<string>("scope").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Roles = jwt.GetPayloadValue<string[]>("roles"),
            Session = session,
        };
    }

    private async Task<(Grant? Grant, bool IsAway)> OfForeignTokenAsync(string token, Client client, CancellationToken cancellationToken)
    {
        // Those tokens are checked to be meant for the door.
        if (client.Id != SessionGrant.Door)
            return default;
        var check = await foreign.CheckAsync(token, cancellationToken);
        return check.Caller is not { } caller
            ? (null, check.IsUnavailable)
            : (new Grant
            {
                Subject = await accounts.SubjectAsync(caller.Issuer, caller.Subject, cancellationToken),
                Client = client.Id,
                Audience = "",
                Scopes = [.. caller.Scopes],
                Roles = [.. caller.Roles],
            }, false);
    }

    private async Task<GrantAnswer> AnswerAsync(Grant grant, string? issuedType, CancellationToken cancellationToken) => new()
    {
        AccessToken = await tokens.AccessAsync(grant, cancellationToken),
        ExpiresIn = tokens.Seconds,
        Scope = string.Join(' ', grant.Scopes),
        Audience = grant.Audience,
        IssuedTokenType = issuedType,
    };
}

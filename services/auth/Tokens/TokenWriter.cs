using HmsMesh.Auth.Keys;
using HmsMesh.Auth.Secrets;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Auth.Tokens;

/// <summary>Signs access tokens (RFC 9068) and ID tokens.</summary>
internal sealed class TokenWriter(AuthSettings settings, Issuer issuer, KeyRing keys, TimeProvider time)
{
    public const string AccessType = "at+jwt";
    public const string IdType = "JWT";
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public int Seconds => (int)settings.AccessLifetime.TotalSeconds;

    public Task<string> AccessAsync(Grant grant, CancellationToken cancellationToken)
    {
        var claims = new Dictionary<string, object>
        {
            ["sub"] = grant.Subject,
            ["client_id"] = grant.Client,
            ["scope"] = string.Join(' ', grant.Scopes),
            ["roles"] = grant.Roles.ToArray(),
            ["jti"] = Shown.New(),
        };
        if (grant.Session is { } session)
            claims["sid"] = session;
        if (grant.Actor is { } actor)
            claims["act"] = new Dictionary<string, object> { ["sub"] = actor };
        return SignAsync(AccessType, grant.Audience, claims, cancellationToken);
    }

    /// <param name="client">Whose audience it is.</param>
    /// <param name="subject">The opaque id.</param>
    /// <param name="session">The session, for its end.</param>
    /// <param name="signedInAt">When the citizen showed the password.</param>
    /// <param name="nonce">As the client gave it.</param>
    /// <param name="shows">How to greet the person, where the client asked for a profile.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<string> IdAsync(
        string client, string subject, string session, DateTimeOffset signedInAt, string? nonce, string? shows, CancellationToken cancellationToken)
    {
        var claims = new Dictionary<string, object> { ["sub"] = subject, ["sid"] = session, ["auth_time"] = signedInAt.ToUnixTimeSeconds() };
        if (nonce is not null)
            claims["nonce"] = nonce;
        if (shows is not null)
            claims["name"] = shows;
        return SignAsync(IdType, client, claims, cancellationToken);
    }

    private async Task<string> SignAsync(string type, string audience, Dictionary<string, object> claims, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer.Address,
            Audience = audience,
            TokenType = type,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + settings.AccessLifetime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(await keys.SigningAsync(cancellationToken), SecurityAlgorithms.RsaSha256),
        });
    }
}

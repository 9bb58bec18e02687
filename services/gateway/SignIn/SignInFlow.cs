using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HmsMesh.Gateway.Auth;
using HmsMesh.Gateway.Identity;
using HmsMesh.Kit;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Gateway.SignIn;

/// <summary>The authorization code flow with PKCE, state and nonce (OpenID Connect Core 3.1, RFC 7636, RFC 9207).</summary>
internal sealed class SignInFlow(OpenIdClient issuer, Secrets secrets, ITokenChecker tokens, Subjects subjects, IIssuerKeys keys, TimeProvider time)
{
    public const string Scopes =
        "openid profile claims.write claims.read payee.write messages.read documents.write documents.read payments.operate audit.read capacity.write";

    private const string Purpose = "sign-in";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private static readonly JsonWebTokenHandler Reader = new() { MapInboundClaims = false };

    public async Task<(string Location, string Cookie)> BeginAsync(string redirect, string returnTo, string? language, CancellationToken ct)
    {
        var pending = new Pending(Random(), Random(), Random(), returnTo, time.GetUtcNow() + Limit);
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(pending.Verifier)));
        var query = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = issuer.ClientId,
            ["redirect_uri"] = redirect,
            ["scope"] = Scopes,
            ["state"] = pending.State,
            ["nonce"] = pending.Nonce,
            ["code_challenge"] = challenge,
            ["code_challenge_method"] = "S256",
        };
        if (language is not null)
            query["ui_locales"] = language;
        var location = QueryHelpers.AddQueryString((await issuer.ConfigurationAsync(ct)).AuthorizationEndpoint, query);
        return (location, (await secrets.SealerAsync(ct)).Seal(JsonSerializer.Serialize(pending), Purpose));
    }

    /// <summary>What began in this browser; null where the cookie is missing, old or not ours.</summary>
    public async Task<Pending?> PendingAsync(string? cookie, CancellationToken ct) =>
        cookie is { Length: > 0 and < 4096 }
        && (await secrets.SealerAsync(ct)).Open(cookie, Purpose) is { } text
        && JsonSerializer.Deserialize<Pending>(text) is { } pending
        && pending.Ends > time.GetUtcNow()
            ? pending
            : null;

    /// <summary>Tokens for a code, checked; or why it is refused, in words that hold nothing of it.</summary>
    public async Task<(SessionTokens? Tokens, string Subject, string Fault)> RedeemAsync(Pending pending, string code, string? from, string redirect, CancellationToken ct)
    {
        var configuration = await issuer.ConfigurationAsync(ct);
        if (from is not null && !string.Equals(from, configuration.Issuer, StringComparison.Ordinal))
            return (null, "", "the answer came from another issuer");
        var asked = time.GetUtcNow();
        var grant = await issuer.GrantAsync(
            [new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", redirect), new("code_verifier", pending.Verifier)], ct);
        if (!grant.IsGiven || grant.IdToken is null)
            return (null, "", $"the issuer gave no tokens for the code ({grant.Error ?? "no id_token"})");
        var id = await CheckedAsync(grant.IdToken, configuration.Issuer, ct);
        if (id is null)
            return (null, "", "the ID token is not valid");
        if (!Same(id.TryGetPayloadValue<string>("nonce", out var nonce) ? nonce : "", pending.Nonce))
            return (null, "", "the ID token is for another sign-in");
        var access = await tokens.CheckAsync(grant.AccessToken!, ct);
        if (access.Caller is not { } named)
            return (null, "", $"the access token is refused: {access.Fault}");
        if (!string.Equals(named.Subject, id.Subject, StringComparison.Ordinal))
            return (null, "", "the tokens are for two different people");
        var caller = subjects.Named(named);
        var name = id.TryGetPayloadValue<string>("name", out var given) ? given : id.TryGetPayloadValue<string>("preferred_username", out var user) ? user : caller.Subject;
        return (
            new SessionTokens(grant.AccessToken!, asked.AddSeconds(grant.ExpiresIn), grant.RefreshToken, name, caller.Client, [.. caller.Scopes], [.. caller.Roles]), caller.Subject, "");
    }

    public static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private static JsonWebToken? Read(string token)
    {
        try
        {
            return Reader.ReadJsonWebToken(token);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private async Task<JsonWebToken?> CheckedAsync(string idToken, string from, CancellationToken ct)
    {
        try
        {
            // By the keys that the access token is checked by: a new one is fetched and waited for.
            if (Read(idToken)?.Kid is not { Length: > 0 } id || await keys.FindAsync(from, id, ct) is not { } key)
                return null;
            var result = await Reader.ValidateTokenAsync(idToken, new TokenValidationParameters
            {
                ValidIssuer = from,
                ValidAudience = issuer.ClientId,
                ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256],
                IssuerSigningKey = key,
                TryAllIssuerSigningKeys = false,
                LifetimeValidator = IsAlive,
            });
            return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
        }
        catch (IssuerUnavailableException e)
        {
            throw new IssuerException(e.Message, e);
        }
    }

    private bool IsAlive(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && now - Skew < end && (notBefore is not { } begin || begin <= now + Skew);
    }
}

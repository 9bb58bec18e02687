using System.Security.Claims;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Kit;

/// <summary>JSON Web Tokens of the configured issuers (RFC 7519, RFC 8725, RFC 9068).</summary>
internal sealed class TokenChecker : ITokenChecker, IIssuerKeys, IDisposable
{
    private const int LongestToken = 8192;
    private const int LongestName = 200;
    private const int MostDocumentBytes = 1 << 18;
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private static readonly string[] Algorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestToken };
    private readonly HttpClient _http;
    private readonly Dictionary<string, IssuerKeys> _issuers;
    private readonly TokenSettings _settings;
    private readonly TimeProvider _time;

    public TokenChecker(TokenSettings settings, TimeProvider time, ILogger<TokenChecker> log)
    {
        _settings = settings;
        _time = time;

        // What is fetched is no part of the caller's trace: it serves whoever comes next.
        var handler = new SocketsHttpHandler { ActivityHeadersPropagator = null, AllowAutoRedirect = false, UseProxy = !settings.Issuers.All(i => new Uri(i).IsLoopback) };
        _http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = MostDocumentBytes };
        _issuers = settings.Issuers.ToDictionary(i => i, i => new IssuerKeys(i, _http, time, log), StringComparer.Ordinal);
    }

    public async ValueTask<TokenCheck> CheckAsync(string token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (_issuers.Count == 0)
        {
            return TokenCheck.Refused(_settings.Missing);
        }

        if (Read(token) is not { } jwt)
        {
            return TokenCheck.Refused("it is no JSON Web Token");
        }

        if (!_issuers.TryGetValue(jwt.Issuer, out var issuer))
        {
            return TokenCheck.Refused("its issuer is not one that this service trusts");
        }

        if (!Algorithms.Contains(jwt.Alg, StringComparer.Ordinal))
        {
            return TokenCheck.Refused("its algorithm is neither RS256 nor ES256");
        }

        try
        {
            return jwt.Kid is { Length: > 0 and <= LongestName } id && await issuer.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } key
                ? await CheckAsync(jwt, issuer.Issuer, key).ConfigureAwait(false)
                : TokenCheck.Refused("it is signed by a key that its issuer does not have");
        }
        catch (IssuerUnavailableException)
        {
            return TokenCheck.Unavailable("the keys of its issuer cannot be had now");
        }
    }

    public async ValueTask<SecurityKey?> FindAsync(string issuer, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 0 and <= LongestName && _issuers.TryGetValue(issuer, out var keys) ? await keys.FindAsync(id, cancellationToken).ConfigureAwait(false) : null;
    }

    public void Dispose()
    {
        foreach (var issuer in _issuers.Values)
        {
            issuer.Dispose();
        }

        _http.Dispose();
    }

    private static Caller? CallerOf(ClaimsIdentity identity, string subject)
    {
        var client = identity.FindFirst("client_id")?.Value ?? identity.FindFirst("azp")?.Value ?? "";
        return subject.Length is 0 or > LongestName || client.Length > LongestName
            ? null
            : new Caller(
                subject,
                client,
                identity.FindAll("scope").SelectMany(c => c.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToHashSet(StringComparer.Ordinal),
                identity.FindAll("roles").Select(c => c.Value).ToHashSet(StringComparer.Ordinal));
    }

    // IdentityModel's own messages may tell what the token holds; these don't.
    private static string Fault(Exception? exception) => exception switch
    {
        SecurityTokenExpiredException or SecurityTokenNoExpirationException => "it has expired",
        SecurityTokenNotYetValidException => "it is not valid yet",
        SecurityTokenInvalidAudienceException => "it is meant for another audience",
        SecurityTokenInvalidTypeException => "it is no access token",
        SecurityTokenInvalidSignatureException => "its signature is wrong",
        _ => "it is not valid",
    };

    private JsonWebToken? Read(string token)
    {
        try
        {
            return token.Length <= LongestToken ? _handler.ReadJsonWebToken(token) : null;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private async Task<TokenCheck> CheckAsync(JsonWebToken jwt, string issuer, SecurityKey key)
    {
        var result = await _handler.ValidateTokenAsync(jwt, new TokenValidationParameters
        {
            ValidIssuer = issuer,
            ValidAudience = _settings.Audience,
            ValidAlgorithms = Algorithms,
            ValidTypes = _settings.Types,
            IssuerSigningKey = key,
            TryAllIssuerSigningKeys = false,
            LifetimeValidator = IsAlive,
        }).ConfigureAwait(false);
        if (!result.IsValid)
        {
            return TokenCheck.Refused(Fault(result.Exception));
        }

        return CallerOf(result.ClaimsIdentity, jwt.Subject) is { } caller ? TokenCheck.Of(caller with { Issuer = issuer, ExpiresAt = new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero) }) : TokenCheck.Refused("it names no subject, or one that is too long");
    }

    // By the service's clock, which a test may hold.
    private bool IsAlive(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        if (expires is null || now - Skew >= expires)
        {
            throw new SecurityTokenExpiredException();
        }

        return notBefore is null || notBefore <= now + Skew ? true : throw new SecurityTokenNotYetValidException();
    }
}

using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Kit.Tests;

/// <summary>An OpenID Connect issuer for tests of services: real keys over a real port, discovery and JWKS, and a token at a call.
/// A service trusts it by <c>--Auth:Issuer={Address}</c>.</summary>
public sealed class TestIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly List<SecurityKey> _published = [];
    private SecurityKey _signing;
    private int _fetches;

    private TestIssuer(WebApplication app, TimeProvider time)
    {
        _app = app;
        _time = time;
        _signing = NewRsa();
        _published.Add(_signing);
    }

    /// <summary>The issuer, as tokens name it.</summary>
    public string Address => _app.Urls.First();

    /// <summary>How often the keys were fetched.</summary>
    public int Fetches => Volatile.Read(ref _fetches);

    /// <summary>The key that signs now.</summary>
    public SecurityKey Key => _signing;

    /// <summary>The issuer answers 503 instead of its keys.</summary>
    public bool IsAway { get; set; }

    /// <summary>Called at each request, before it is answered.</summary>
    public Action? OnAsked { get; set; }

    /// <summary>What discovery calls the issuer; null for its address.</summary>
    public string? CalledInDiscovery { get; set; }

    public static async Task<TestIssuer> StartAsync(TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var issuer = new TestIssuer(builder.Build(), time ?? TimeProvider.System);
        issuer._app.Run(issuer.AnswerAsync);
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>An access token of five minutes.</summary>
    /// <param name="audience">The app id of the service that it is for.</param>
    /// <param name="scopes">Separated by spaces.</param>
    /// <param name="subject">The citizen's opaque id.</param>
    /// <param name="roles">What the subject is.</param>
    /// <param name="change">Anything else: a lifetime, an issuer, a type, a key.</param>
    public string Mint(string audience, string scopes, string subject = "cit-00000001", string[]? roles = null, Action<SecurityTokenDescriptor>? change = null)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Address,
            Audience = audience,
            TokenType = "at+jwt",
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(5),
            SigningCredentials = Credentials(_signing),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = subject,
                ["client_id"] = "gateway",
                ["scope"] = scopes,
                ["roles"] = roles ?? ["citizen"],
                ["jti"] = Guid.NewGuid().ToString("N"),
            },
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    /// <summary>A new key signs from now on; the old one is forgotten unless it is kept.</summary>
    public void Rotate(bool elliptic = false, bool keepOld = false)
    {
        lock (_published)
        {
            _signing = elliptic ? NewEcdsa() : NewRsa();
            if (!keepOld)
            {
                _published.Clear();
            }

            _published.Add(_signing);
        }
    }

    /// <summary>Credentials by the algorithm that fits the key.</summary>
    public static SigningCredentials Credentials(SecurityKey key) =>
        new(key, key is ECDsaSecurityKey ? SecurityAlgorithms.EcdsaSha256 : SecurityAlgorithms.RsaSha256);

    /// <summary>A key that nobody publishes.</summary>
    public static SecurityKey NewRsa(string? id = null) => new RsaSecurityKey(RSA.Create(2048)) { KeyId = id ?? Guid.NewGuid().ToString("N") };

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static ECDsaSecurityKey NewEcdsa() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = Guid.NewGuid().ToString("N") };

    private Task AnswerAsync(HttpContext http)
    {
        OnAsked?.Invoke();
        if (IsAway)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        }

        if (http.Request.Path == "/.well-known/openid-configuration")
        {
            return http.Response.WriteAsJsonAsync(new { issuer = CalledInDiscovery ?? Address, jwks_uri = $"{Address}/jwks" }, http.RequestAborted);
        }

        Interlocked.Increment(ref _fetches);
        lock (_published)
        {
            return http.Response.WriteAsJsonAsync(new { keys = _published.Select(Public).ToList() }, http.RequestAborted);
        }
    }

    private static Dictionary<string, string> Public(SecurityKey key)
    {
        if (key is ECDsaSecurityKey elliptic)
        {
            var point = elliptic.ECDsa.ExportParameters(false).Q;
            return new()
            {
                ["kty"] = "EC",
                ["use"] = "sig",
                ["crv"] = "P-256",
                ["kid"] = key.KeyId,
                ["x"] = Base64UrlEncoder.Encode(point.X),
                ["y"] = Base64UrlEncoder.Encode(point.Y),
            };
        }

        var rsa = ((RsaSecurityKey)key).Rsa.ExportParameters(false);
        return new()
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["kid"] = key.KeyId,
            ["n"] = Base64UrlEncoder.Encode(rsa.Modulus),
            ["e"] = Base64UrlEncoder.Encode(rsa.Exponent),
        };
    }
}

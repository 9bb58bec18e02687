using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Services.Tests.Gateway;

/// <summary>An issuer that the gateway can sign in at and exchange tokens with, over a real port; it takes whoever comes as Diego.</summary>
internal sealed class GateIssuer : IAsyncDisposable
{
    public const string ClientSecret = "client-secret-of-tests";
    public const string ApiKey = "api-key-of-tests-0123456789";

    /// <summary>What it calls whomever another issuer names.</summary>
    public const string ForeignSubject = "cit-foreign001";

    private readonly WebApplication _app;
    private volatile RsaSecurityKey _key = NewKey();
    private readonly ConcurrentDictionary<string, IQueryCollection> _codes = new();
    private readonly ConcurrentDictionary<string, bool> _refreshTokens = new();
    private int _exchanges;

    private GateIssuer(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>By which it knows the gateway.</summary>
    public string Secret { get; init; } = ClientSecret;

    /// <summary>Who signs in.</summary>
    public string Subject { get; init; } = "cit-diego001";

    public string Scopes { get; set; } = "claims.write claims.read payee.write messages.read documents.write documents.read";

    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(5);

    public bool IsAway { get; set; }

    /// <summary>The nonce that ID tokens carry; null for the right one.</summary>
    public string? Nonce { get; set; }

    public int Exchanges => Volatile.Read(ref _exchanges);

    public int Refreshes { get; private set; }

    public List<string> Revoked { get; } = [];

    public static async Task<GateIssuer> StartAsync(string secret = ClientSecret, string subject = "cit-diego001")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var issuer = new GateIssuer(builder.Build()) { Secret = secret, Subject = subject };
        issuer._app.Run(issuer.AnswerAsync);
        await issuer._app.StartAsync();
        return issuer;
    }

    public string Mint(string audience, string scopes, string subject = "cit-diego001", Action<SecurityTokenDescriptor>? change = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Address,
            Audience = audience,
            TokenType = "at+jwt",
            NotBefore = now,
            Expires = now + Lifetime,
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.RsaSha256),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = subject,
                ["client_id"] = "gateway",
                ["scope"] = scopes,
                ["roles"] = new[] { "citizen" },
                ["jti"] = Guid.NewGuid().ToString("N"),
            },
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    /// <summary>A new key signs from now on; the old one is forgotten.</summary>
    public void Rotate() => _key = NewKey();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Random() };

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static Task RefuseAsync(HttpContext http, string error)
    {
        http.Response.StatusCode = error == "invalid_client" ? 401 : 400;
        return http.Response.WriteAsJsonAsync(new { error }, http.RequestAborted);
    }

    private Task AnswerAsync(HttpContext http)
    {
        if (IsAway)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        }

        return http.Request.Path.Value switch
        {
            "/.well-known/openid-configuration" => http.Response.WriteAsJsonAsync(new
            {
                issuer = Address,
                jwks_uri = $"{Address}/jwks",
                authorization_endpoint = $"{Address}/authorize",
                token_endpoint = $"{Address}/token",
                revocation_endpoint = $"{Address}/revoke",
            }, http.RequestAborted),
            "/jwks" => http.Response.WriteAsJsonAsync(new { keys = new[] { Public() } }, http.RequestAborted),
            "/authorize" => Authorize(http),
            "/token" => TokenAsync(http),
            _ => RevokeAsync(http),
        };
    }

    private Task Authorize(HttpContext http)
    {
        var code = Random();
        _codes[code] = http.Request.Query;
        http.Response.Redirect($"{http.Request.Query["redirect_uri"]}?code={code}&state={http.Request.Query["state"]}&iss={Uri.EscapeDataString(Address)}");
        return Task.CompletedTask;
    }

    private async Task RevokeAsync(HttpContext http) => Revoked.Add((await http.Request.ReadFormAsync(http.RequestAborted))["token"]!);

    private async Task TokenAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var basic = AuthenticationHeaderValue.Parse(http.Request.Headers.Authorization!);
        if (Encoding.UTF8.GetString(Convert.FromBase64String(basic.Parameter!)) != $"gateway:{Secret}")
        {
            await RefuseAsync(http, "invalid_client");
            return;
        }

        await ((string?)form["grant_type"] switch
        {
            "authorization_code" => RedeemAsync(http, form),
            "refresh_token" => RefreshAsync(http, form),
            _ => ExchangeAsync(http, form),
        });
    }

    private Task RedeemAsync(HttpContext http, IFormCollection form)
    {
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!_codes.TryRemove(form["code"].ToString(), out var asked) || asked["code_challenge"] != challenge || asked["redirect_uri"] != form["redirect_uri"])
            return RefuseAsync(http, "invalid_grant");
        var nonce = Nonce ?? asked["nonce"].ToString();
        var idToken = Mint("gateway", "openid", Subject, d =>
        {
            d.TokenType = "JWT";
            d.Claims["nonce"] = nonce;
            d.Claims["name"] = "Diego Demo";
        });
        return GiveAsync(http, Mint("gateway", Scopes, Subject), idToken);
    }

    private Task RefreshAsync(HttpContext http, IFormCollection form)
    {
        if (!_refreshTokens.TryRemove(form["refresh_token"].ToString(), out _))
            return RefuseAsync(http, "invalid_grant");
        Refreshes++;
        return GiveAsync(http, Mint("gateway", Scopes, Subject), null);
    }

    private Task GiveAsync(HttpContext http, string access, string? idToken)
    {
        var refresh = Random();
        _refreshTokens[refresh] = true;
        return http.Response.WriteAsJsonAsync(new { access_token = access, id_token = idToken, refresh_token = refresh, expires_in = (int)Lifetime.TotalSeconds, token_type = "Bearer" }, http.RequestAborted);
    }

    private Task ExchangeAsync(HttpContext http, IFormCollection form)
    {
        Interlocked.Increment(ref _exchanges);
        var (subject, scopes) = ("agency-demo", "claims.read capacity.write");
        if (form["subject_token_type"] == "urn:hms:token-type:api-key")
        {
            if (form["subject_token"] != ApiKey)
                return RefuseAsync(http, "invalid_grant");
        }
        else
        {
            var jwt = new JsonWebTokenHandler().ReadJsonWebToken(form["subject_token"]);
            (subject, scopes) = (jwt.Issuer == Address ? jwt.Subject : ForeignSubject, jwt.GetPayloadValue<string>("scope"));
        }

        return http.Response.WriteAsJsonAsync(new
        {
            access_token = Mint(form["audience"]!, scopes, subject),
            expires_in = (int)Lifetime.TotalSeconds,
            token_type = "Bearer",
            issued_token_type = "urn:ietf:params:oauth:token-type:access_token",
        }, http.RequestAborted);
    }

    private Dictionary<string, string> Public()
    {
        var key = _key;
        var rsa = key.Rsa.ExportParameters(false);
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

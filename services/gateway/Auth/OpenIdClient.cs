using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace HmsMesh.Gateway.Auth;

/// <summary>The door as a confidential client of an issuer: its endpoints by discovery, itself by client_secret_basic.</summary>
internal sealed class OpenIdClient : IDisposable
{
    public const string DoorId = "gateway";

    /// <summary>The secret at the issuer where tokens are exchanged.</summary>
    public const string SecretName = "client-gateway";

    /// <summary>The secret at the issuer where citizens sign in, where that is another one: none is shown to two issuers.</summary>
    public const string SignInSecretName = "client-sign-in";

    private readonly HttpClient _http;
    private readonly Secrets _secrets;
    private readonly string _secretName;
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? _discovery;

    private OpenIdClient(string? address, string clientId, string secretName, Secrets secrets)
    {
        (ClientId, _secretName, _secrets) = (clientId, secretName, secrets);
        var isNear = address is { } given && Uri.TryCreate(given, UriKind.Absolute, out var uri) && uri.IsLoopback;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = !isNear, AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = TimeSpan.FromSeconds(5),
            MaxResponseContentBufferSize = 1 << 18,
        };
        // Over a network a plain http issuer could be anyone.
        if (address is { } issuer)
            _discovery = new($"{issuer.TrimEnd('/')}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever(_http) { RequireHttps = !isNear });
    }

    /// <summary>How the issuer knows the door.</summary>
    public string ClientId { get; }

    /// <summary>Where citizens sign in.</summary>
    public static OpenIdClient ForSignIn(GatewayOptions options, Secrets secrets) =>
        new(options.Issuer, options.ClientId, options.HasOneIssuer ? SecretName : SignInSecretName, secrets);

    /// <summary>Where tokens are exchanged, if that is another issuer.</summary>
    public static OpenIdClient ForExchange(GatewayOptions options, Secrets secrets) => new(options.Exchange, DoorId, SecretName, secrets);

    public async Task<OpenIdConnectConfiguration> ConfigurationAsync(CancellationToken ct)
    {
        if (_discovery is null)
            throw new IssuerException("Auth__Issuer names nobody");
        try
        {
            return await _discovery.GetConfigurationAsync(ct);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or ArgumentException or HttpRequestException)
        {
            throw new IssuerException($"its discovery document cannot be had: {e.GetBaseException().Message}", e);
        }
    }

    public async Task<Grant> GrantAsync(IEnumerable<KeyValuePair<string, string>> form, CancellationToken ct)
    {
        var (status, body) = await PostAsync((await ConfigurationAsync(ct)).TokenEndpoint, form, ct);
        try
        {
            if (JsonSerializer.Deserialize<Grant>(body) is { } grant && (grant.IsGiven || grant.Error is not null))
                return grant;
        }
        catch (JsonException)
        {
            // Told below.
        }

        throw new IssuerException($"its token endpoint answered {(int)status} without tokens or an OAuth error");
    }

    /// <summary>Best effort (RFC 7009): what cannot be revoked ends by itself.</summary>
    public async Task RevokeAsync(string token, CancellationToken ct)
    {
        var configuration = await ConfigurationAsync(ct);
        if (configuration.RevocationEndpoint is { Length: > 0 } endpoint)
            await PostAsync(endpoint, [new("token", token), new("token_type_hint", "refresh_token")], ct);
    }

    public void Dispose() => _http.Dispose();

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string endpoint, IEnumerable<KeyValuePair<string, string>> form, CancellationToken ct)
    {
        var secret = await _secrets.OfClientAsync(_secretName, ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(ClientId)}:{Uri.EscapeDataString(secret)}")));
        try
        {
            using var answer = await _http.SendAsync(request, ct);
            return (int)answer.StatusCode < 500
                ? (answer.StatusCode, await answer.Content.ReadAsStringAsync(ct))
                : throw new IssuerException($"it answered {(int)answer.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new IssuerException($"it cannot be reached: {e.GetBaseException().Message}", e);
        }
    }
}

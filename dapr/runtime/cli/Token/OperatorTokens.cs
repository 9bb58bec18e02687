using System.Collections.Concurrent;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Token;

/// <summary>Tokens of the operator for each service, by client credentials, kept until shortly before they end.</summary>
internal sealed class OperatorTokens(SecretBook secrets, TimeProvider time) : IDisposable
{
    private const string Secret = "client-mesh";
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Patience };
    private readonly ConcurrentDictionary<(string Issuer, string Audience), (string Token, DateTimeOffset Until)> _known = new();

    /// <summary>Throws <see cref="MeshException"/> where the token is refused.</summary>
    public async Task<string> GetAsync(string issuer, string audience, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue((issuer, audience), out var known) && known.Until > time.GetUtcNow())
            return known.Token;
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = AuthService.Client,
            ["client_secret"] = secrets.Get(Secret),
            ["audience"] = audience,
        };
        var (token, lives) = await AuthService.AskAsync(() => AuthService.TokenAsync(_http, issuer, form, cancellationToken), cancellationToken);
        _known[(issuer, audience)] = (token, time.GetUtcNow() + lives - Early);
        return token;
    }

    /// <summary>Null where none is to be had: the service then says what it needs.</summary>
    public async Task<string?> TryGetAsync(string issuer, string audience, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(issuer, audience, cancellationToken);
        }
        catch (MeshException)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}

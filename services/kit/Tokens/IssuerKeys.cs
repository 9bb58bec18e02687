using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Kit;

/// <summary>The signing keys of one issuer, by discovery. IdentityModel's own ConfigurationManager fetches again in the background,
/// so that the first token under a new key is refused; here it waits for the keys.</summary>
internal sealed class IssuerKeys(string issuer, HttpClient http, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan Usable = TimeSpan.FromHours(24);

    // Anyone can show an unknown key id, or call while the issuer is away: that must not become a flood of fetches.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Known? _known;
    private DateTimeOffset _failedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _searchedAt = DateTimeOffset.MinValue;

    public string Issuer => issuer;

    /// <summary>Null where the issuer has no such key. Throws <see cref="IssuerUnavailableException"/> where nobody can tell.</summary>
    public async ValueTask<SecurityKey?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (Current(id) is { } key)
        {
            return key;
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Current(id) is { } fetched)
            {
                return fetched;
            }

            await RefreshAsync().ConfigureAwait(false);
            return _known!.Keys.GetValueOrDefault(id);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private SecurityKey? Current(string id) => _known is { } known && time.GetUtcNow() - known.At < Fresh ? known.Keys.GetValueOrDefault(id) : null;

    private async Task RefreshAsync()
    {
        var now = time.GetUtcNow();
        if (_known is { } known && now - known.At < Fresh)
        {
            if (now - _searchedAt < Pause)
            {
                return;
            }

            _searchedAt = now;
        }

        var reason = now - _failedAt < FailurePause ? "it was away a moment ago" : await FetchAsync(now).ConfigureAwait(false);
        if (reason is not null && (_known is null || now - _known.At > Usable))
        {
            throw new IssuerUnavailableException(issuer, reason);
        }
    }

    // Shared by all who wait, so it has a time limit of its own and no one's token.
    private async Task<string?> FetchAsync(DateTimeOffset now)
    {
        try
        {
            var retriever = new HttpDocumentRetriever(http) { RequireHttps = false };
            var address = $"{issuer.TrimEnd('/')}/.well-known/openid-configuration";
            var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(address, retriever, CancellationToken.None).ConfigureAwait(false);
            if (configuration.Issuer != issuer)
            {
                return Failed("its discovery document names another issuer");
            }

            _known = new Known(
                now,
                configuration.SigningKeys.Where(k => k.KeyId is { Length: > 0 }).DistinctBy(k => k.KeyId, StringComparer.Ordinal).ToDictionary(k => k.KeyId, StringComparer.Ordinal));
            return null;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidOperationException or ArgumentException or OperationCanceledException)
        {
            var cause = e.GetBaseException();
            return Failed(cause is HttpRequestException or WebException or System.Net.Sockets.SocketException or OperationCanceledException ? cause.Message : cause.GetType().Name);
        }
    }

    private string Failed(string reason)
    {
        // From now, not from when it was asked: those who waited through a slow failure must not each go through one more.
        _failedAt = time.GetUtcNow();
        log.IssuerMissing(issuer, reason);
        return reason;
    }

    private sealed record Known(DateTimeOffset At, Dictionary<string, SecurityKey> Keys);
}

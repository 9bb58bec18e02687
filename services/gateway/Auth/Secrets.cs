using System.Collections.Concurrent;
using System.Text;
using Dapr.Client;

namespace HmsMesh.Gateway.Auth;

/// <summary>The door's secrets, each read from the mesh's secret store when they are first needed.</summary>
internal sealed class Secrets(DaprClient dapr) : IDisposable
{
    private const string Store = "secretstore";
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentDictionary<string, string> _ofClients = new(StringComparer.Ordinal);
    private volatile Sealer? _sealer;

    /// <summary>By which an issuer knows the door.</summary>
    public async ValueTask<string> OfClientAsync(string name, CancellationToken ct) =>
        _ofClients.TryGetValue(name, out var held) ? held : _ofClients[name] = await ReadAsync(name, ct);

    public async ValueTask<Sealer> SealerAsync(CancellationToken ct)
    {
        if (_sealer is { } held)
            return held;
        await _gate.WaitAsync(ct);
        try
        {
            return _sealer ??= new Sealer(Encoding.UTF8.GetBytes(await ReadAsync("gateway-session", ct)));
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<string> ReadAsync(string name, CancellationToken ct)
    {
        try
        {
            var found = await dapr.GetSecretAsync(Store, name, metadata: null, ct);
            return found.TryGetValue(name, out var value) && value.Length >= 16
                ? value
                : throw new IssuerException($"the secret {name} of {Store} is missing or shorter than 16 characters: 'mesh up' makes it");
        }
        catch (Exception e) when (e is Dapr.DaprException or HttpRequestException)
        {
            throw new IssuerException($"the secret {name} of {Store} cannot be read: {e.Message}", e);
        }
    }
}

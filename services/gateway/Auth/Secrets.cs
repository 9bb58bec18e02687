using System.Text;
using Dapr.Client;

namespace HmsMesh.Gateway.Auth;

/// <summary>The door's two secrets, read from the mesh's secret store when they are first needed.</summary>
internal sealed class Secrets(DaprClient dapr) : IDisposable
{
    private const string Store = "secretstore";
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Held? _held;

    public async ValueTask<string> ClientSecretAsync(CancellationToken ct) => (await HeldAsync(ct)).ClientSecret;

    public async ValueTask<Sealer> SealerAsync(CancellationToken ct) => (await HeldAsync(ct)).Sealer;

    public void Dispose() => _gate.Dispose();

    private async ValueTask<Held> HeldAsync(CancellationToken ct)
    {
        if (_held is { } held)
            return held;
        await _gate.WaitAsync(ct);
        try
        {
            return _held ??= new Held(
                await ReadAsync(OpenIdClient.SecretName, ct), new Sealer(Encoding.UTF8.GetBytes(await ReadAsync("gateway-session", ct))));
        }
        finally
        {
            _gate.Release();
        }
    }

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

    private sealed record Held(string ClientSecret, Sealer Sealer);
}

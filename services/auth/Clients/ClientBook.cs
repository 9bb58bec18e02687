using HmsMesh.Auth.Secrets;
using HmsMesh.Kit;

namespace HmsMesh.Auth.Clients;

/// <summary>The clients that are registered.</summary>
internal sealed class ClientBook
{
    private readonly Dictionary<string, Client> _clients = new(StringComparer.Ordinal);
    private readonly SecretBook _secrets;

    public ClientBook(AuthSettings settings, SecretBook secrets)
    {
        _secrets = secrets;
        foreach (var client in JsonFile.Read<Client>("clients.json", settings.ClientsFile))
        {
            if (!_clients.TryAdd(client.Id, Place(client, settings.Portal)))
                throw new MeshConfigurationException($"{settings.ClientsFile ?? "clients.json"}: the client {client.Id} is there twice.");
        }
    }

    public Client? Find(string id) => _clients.GetValueOrDefault(id);

    public async ValueTask<bool> ProvesAsync(Client client, string secret, CancellationToken cancellationToken) =>
        client.Secret is { } name && Shown.Same(secret, await _secrets.GetAsync(name, cancellationToken));

    /// <summary>Whose API key this is. All are compared, so that the time tells nothing.</summary>
    public async ValueTask<Client?> OfApiKeyAsync(string key, CancellationToken cancellationToken)
    {
        Client? found = null;
        foreach (var client in _clients.Values)
        {
            if (client.ApiKey is { } name && Shown.Same(key, await _secrets.GetAsync(name, cancellationToken)))
                found = client;
        }

        return found;
    }

    private static Client Place(Client client, string portal) => client with
    {
        Redirects = [.. client.Redirects.Select(r => r.Replace("{portal}", portal, StringComparison.Ordinal))],
        SignedOut = [.. client.SignedOut.Select(r => r.Replace("{portal}", portal, StringComparison.Ordinal))],
    };
}

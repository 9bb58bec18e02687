using System.Buffers.Text;
using Dapr;
using Dapr.Client;

namespace HmsMesh.Payments.Payees;

/// <summary>Opens the vault by the secret payee-vault, when it is first needed: the sidecar may come later than the service.</summary>
internal sealed class VaultKeeper(DaprClient dapr, PaymentsSettings settings)
{
    private const string Store = "secretstore";
    private const string Name = "payee-vault";
    private const int KeyBytes = 32;
    private Vault? _vault;

    /// <summary>Throws <see cref="VaultUnavailableException"/> where there is no key.</summary>
    public async Task<Vault> VaultAsync(CancellationToken cancellationToken) =>
        _vault ??= new Vault(Key(settings.VaultSecret ?? await SecretAsync(cancellationToken)));

    private async Task<string> SecretAsync(CancellationToken cancellationToken)
    {
        try
        {
            var secret = await dapr.GetSecretAsync(Store, Name, cancellationToken: cancellationToken);
            return secret.TryGetValue(Name, out var value) ? value : throw new VaultUnavailableException($"The secret {Name} of {Store} has no value of that name.", null);
        }
        catch (Exception e) when (e is DaprException or HttpRequestException)
        {
            throw new VaultUnavailableException($"The secret {Name} of {Store} cannot be had: {e.GetBaseException().Message}", e);
        }
    }

    // The secret's text must not get into an error.
    private static byte[] Key(string text)
    {
        var key = Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
        return key.Length == KeyBytes ? key : throw new VaultUnavailableException($"The secret {Name} is not {KeyBytes} bytes in base64url.", null);
    }
}

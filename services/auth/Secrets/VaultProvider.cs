using Microsoft.AspNetCore.DataProtection;

namespace HmsMesh.Auth.Secrets;

/// <summary>The vault, once its secret is known.</summary>
internal sealed class VaultProvider(SecretBook secrets) : IDataProtectionProvider
{
    private const string Secret = "auth-keys";
    private volatile Vault? _vault;

    public async ValueTask<Vault> OpenAsync(CancellationToken cancellationToken) => _vault ??= Vault.Of(await secrets.GetAsync(Secret, cancellationToken));

    /// <summary>For the framework's antiforgery, which asks without waiting; every route that uses it opens the vault first.</summary>
    public IDataProtector CreateProtector(string purpose) => new Later(this, [purpose]);

    private Vault Opened => _vault ?? throw new SecretUnavailableException(Secret, "nobody has asked for it yet");

    private sealed class Later(VaultProvider provider, string[] purposes) : IDataProtector
    {
        public IDataProtector CreateProtector(string purpose) => new Later(provider, [.. purposes, purpose]);

        public byte[] Protect(byte[] plaintext) => Real.Protect(plaintext);

        public byte[] Unprotect(byte[] protectedData) => Real.Unprotect(protectedData);

        private IDataProtector Real => provider.Opened.CreateProtector(purposes);
    }
}

using System.Security.Cryptography;
using System.Text;
using HmsMesh.Kit;
using Microsoft.AspNetCore.DataProtection;

namespace HmsMesh.Auth.Secrets;

/// <summary>Data protection by the secret auth-keys, with a key for each purpose by HKDF. The framework's own key ring would lie
/// unencrypted in a home folder; this one is the same for all instances, and after a restart.</summary>
internal sealed class Vault(byte[] key) : IDataProtector
{
    private readonly SealedBox _box = new(key);

    public static Vault Of(string secret) => new(Derived(Encoding.UTF8.GetBytes(secret), "hms-auth"));

    public IDataProtector CreateProtector(string purpose) => new Vault(Derived(key, purpose));

    public byte[] Protect(byte[] plaintext) => _box.Seal(plaintext, []);

    /// <summary>Throws <see cref="CryptographicException"/> for what was not made here, or was changed.</summary>
    public byte[] Unprotect(byte[] protectedData) => _box.Open(protectedData, []);

    private static byte[] Derived(byte[] from, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, from, 32, info: Encoding.UTF8.GetBytes(purpose));
}

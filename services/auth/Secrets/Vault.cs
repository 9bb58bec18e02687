using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace HmsMesh.Auth.Secrets;

/// <summary>Data protection by the secret auth-keys: AES-256-GCM, with a key for each purpose by HKDF. The framework's own key ring would
/// lie unencrypted in a home folder; this one is the same for all instances, and after a restart.</summary>
internal sealed class Vault(byte[] key) : IDataProtector
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static Vault Of(string secret) => new(HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "hms-auth"u8.ToArray()));

    public IDataProtector CreateProtector(string purpose) =>
        new Vault(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: Encoding.UTF8.GetBytes(purpose)));

    public byte[] Protect(byte[] plaintext)
    {
        var whole = new byte[NonceBytes + TagBytes + plaintext.Length];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(whole.AsSpan(0, NonceBytes), plaintext, whole.AsSpan(NonceBytes + TagBytes), whole.AsSpan(NonceBytes, TagBytes));
        return whole;
    }

    /// <summary>Throws <see cref="CryptographicException"/> for what was not made here, or was changed.</summary>
    public byte[] Unprotect(byte[] protectedData)
    {
        if (protectedData.Length < NonceBytes + TagBytes)
            throw new CryptographicException("It is too short.");
        var plain = new byte[protectedData.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(protectedData.AsSpan(0, NonceBytes), protectedData.AsSpan(NonceBytes + TagBytes), protectedData.AsSpan(NonceBytes, TagBytes), plain);
        return plain;
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace HmsMesh.Payments.Payees;

/// <summary>Seals payees (AES-256-GCM), each for its owner: what is moved to another row of the database does not open there.</summary>
internal sealed class Vault(byte[] key)
{
    private const byte Version = 1;
    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    /// <summary>A version, a nonce, a tag and what is sealed, in base64.</summary>
    public string Seal(Payee payee, string owner)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(payee);
        var sealedBytes = new byte[1 + NonceBytes + TagBytes + plain.Length];
        sealedBytes[0] = Version;
        var nonce = sealedBytes.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(1 + NonceBytes + TagBytes), sealedBytes.AsSpan(1 + NonceBytes, TagBytes), Bound(owner));
        CryptographicOperations.ZeroMemory(plain);
        return Convert.ToBase64String(sealedBytes);
    }

    /// <summary>Throws <see cref="CryptographicException"/> where it was sealed for someone else, by another key, or was changed.</summary>
    public Payee Open(string text, string owner)
    {
        var buffer = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, buffer, out var length) || length <= 1 + NonceBytes + TagBytes || buffer[0] != Version)
            throw new CryptographicException("This is nothing that the vault sealed.");
        var sealedBytes = buffer.AsSpan(0, length);
        var plain = new byte[length - 1 - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            sealedBytes.Slice(1, NonceBytes), sealedBytes[(1 + NonceBytes + TagBytes)..], sealedBytes.Slice(1 + NonceBytes, TagBytes), plain, Bound(owner));
        try
        {
            return JsonSerializer.Deserialize<Payee>(plain)!;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static byte[] Bound(string owner) => Encoding.UTF8.GetBytes("payee:" + owner);
}

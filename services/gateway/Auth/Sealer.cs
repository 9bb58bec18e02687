using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace HmsMesh.Gateway.Auth;

/// <summary>Seals texts (AES-256-GCM) for one purpose each, and makes fingerprints (HMAC-SHA256) that nobody can try out without
/// the secret.</summary>
internal sealed class Sealer
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly byte[] _key;
    private readonly byte[] _fingerprints;

    public Sealer(byte[] secret)
    {
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "hms gateway seal v1"u8.ToArray());
        _fingerprints = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "hms gateway fingerprint v1"u8.ToArray());
    }

    public string Seal(string text, string purpose)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = box.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = Aes();
        aes.Encrypt(nonce, plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), Encoding.UTF8.GetBytes(purpose));
        return Base64Url.EncodeToString(box);
    }

    /// <summary>Null where it was not sealed here, or for another purpose.</summary>
    public string? Open(string sealedText, string purpose)
    {
        if (sealedText.Length > 1 << 22 || !Base64Url.IsValid(sealedText))
            return null;
        var box = Base64Url.DecodeFromChars(sealedText);
        if (box.Length < NonceBytes + TagBytes)
            return null;
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = Aes();
            aes.Decrypt(
                box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), plain, Encoding.UTF8.GetBytes(purpose));
            return Encoding.UTF8.GetString(plain);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public IncrementalHash Fingerprint() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _fingerprints);

    /// <summary>One for each use: two requests at once on one of them seal what nobody opens.</summary>
    private AesGcm Aes() => new(_key, TagBytes);
}

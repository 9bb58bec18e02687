using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using HmsMesh.Kit;

namespace HmsMesh.Gateway.Auth;

/// <summary>Seals texts for one purpose each, and makes fingerprints (HMAC-SHA256) that nobody can try out without the secret.</summary>
internal sealed class Sealer(byte[] secret)
{
    private const int LongestText = 1 << 22;
    private readonly SealedBox _box = SealedBox.Of(secret, "hms gateway seal v1"u8);
    private readonly byte[] _fingerprints = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "hms gateway fingerprint v1"u8.ToArray());

    public string Seal(string text, string purpose) => Base64Url.EncodeToString(_box.Seal(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(purpose)));

    /// <summary>Null where it was not sealed here, or for another purpose.</summary>
    public string? Open(string sealedText, string purpose)
    {
        if (sealedText.Length > LongestText || !Base64Url.IsValid(sealedText))
            return null;
        try
        {
            return Encoding.UTF8.GetString(_box.Open(Base64Url.DecodeFromChars(sealedText), Encoding.UTF8.GetBytes(purpose)));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public IncrementalHash Fingerprint() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _fingerprints);
}

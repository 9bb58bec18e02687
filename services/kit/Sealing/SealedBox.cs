using System.Security.Cryptography;

namespace HmsMesh.Kit;

/// <summary>Seals what a service keeps and must not show: AES-256-GCM under a fresh nonce, bound to what it is for, so that what is moved
/// to another place does not open there. For any number of callers at once.</summary>
public sealed class SealedBox
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>How much longer the sealed is than the plain.</summary>
    public const int Overhead = NonceBytes + TagBytes;

    private readonly byte[] _key;

    /// <param name="key">32 bytes, of a secret store.</param>
    public SealedBox(byte[] key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _key = key.Length == KeyBytes ? key : throw new ArgumentOutOfRangeException(nameof(key), $"A key has {KeyBytes} bytes.");
    }

    /// <summary>A box whose key is derived from a secret, for one use of it (HKDF-SHA256, RFC 5869).</summary>
    public static SealedBox Of(byte[] secret, ReadOnlySpan<byte> use)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var key = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt: [], info: use);
        return new SealedBox(key);
    }

    /// <summary>Nonce, tag, and what is sealed.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> purpose)
    {
        var whole = new byte[Overhead + plain.Length];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceBytes));

        // One for each use: two callers at once on one of them seal what nobody opens.
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(whole.AsSpan(0, NonceBytes), plain, whole.AsSpan(Overhead), whole.AsSpan(NonceBytes, TagBytes), purpose);
        return whole;
    }

    /// <summary>Throws <see cref="CryptographicException"/> for what was not sealed here and for this purpose, or was changed.</summary>
    public byte[] Open(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> purpose)
    {
        if (whole.Length < Overhead)
        {
            throw new CryptographicException("It is too short to have been sealed.");
        }

        var plain = new byte[whole.Length - Overhead];
        using var aes = new AesGcm(_key, TagBytes);
        aes.Decrypt(whole[..NonceBytes], whole[Overhead..], whole.Slice(NonceBytes, TagBytes), plain, purpose);
        return plain;
    }
}

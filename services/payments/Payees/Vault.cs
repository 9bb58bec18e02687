using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HmsMesh.Kit;

namespace HmsMesh.Payments.Payees;

/// <summary>Seals payees, each for its owner: what is moved to another row of the database does not open there.</summary>
internal sealed class Vault(byte[] key)
{
    private const byte Version = 1;
    private readonly SealedBox _box = new(key);

    /// <summary>A version and what is sealed, in base64.</summary>
    public string Seal(Payee payee, string owner)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(payee);
        byte[] whole = [Version, .. _box.Seal(plain, Bound(owner))];
        CryptographicOperations.ZeroMemory(plain);
        return Convert.ToBase64String(whole);
    }

    /// <summary>Throws <see cref="CryptographicException"/> where it was sealed for someone else, by another key, or was changed.</summary>
    public Payee Open(string text, string owner)
    {
        var buffer = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, buffer, out var length) || length <= 1 + SealedBox.Overhead || buffer[0] != Version)
            throw new CryptographicException("This is nothing that the vault sealed.");
        var plain = _box.Open(buffer.AsSpan(1, length - 1), Bound(owner));
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

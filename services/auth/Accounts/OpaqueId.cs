using System.Security.Cryptography;

namespace HmsMesh.Auth.Accounts;

/// <summary>Ids that tell nothing of whom they name, and are hard to misread.</summary>
internal static class OpaqueId
{
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyz23456789";

    public static string New(int length) => RandomNumberGenerator.GetString(Alphabet, length);
}

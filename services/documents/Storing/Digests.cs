using System.Buffers.Text;
using System.Security.Cryptography;

namespace HmsMesh.Documents.Storing;

/// <summary>What senders and receivers say a file's SHA-256 is: Content-Digest and Repr-Digest (RFC 9530), and Digest (RFC 3230) before them.</summary>
internal static class Digests
{
    public const string Header = "Content-Digest";
    private const string Algorithm = "sha-256";
    private const int Longest = 1024;
    private static readonly string[] Headers = [Header, "Repr-Digest", "Digest"];

    /// <summary>The digest in hex, null where none is given. False where one is given that cannot be read, or two that differ.</summary>
    public static bool TryRead(IHeaderDictionary headers, out string? digest)
    {
        digest = null;
        foreach (var name in Headers)
        {
            foreach (var part in headers[name].SelectMany(v => (v ?? "").Split(',')))
            {
                var (algorithm, value) = Split(part, name);
                if (!string.Equals(algorithm, Algorithm, StringComparison.OrdinalIgnoreCase))
                    continue;
                if (Decode(value) is not { } found || (digest is not null && digest != found))
                    return false;
                digest = found;
            }
        }

        return true;
    }

    public static string Of(string sha256) => $"{Algorithm}=:{Convert.ToBase64String(Convert.FromHexString(sha256))}:";

    // The older header has the value bare, the newer ones between colons, with parameters after it that say nothing to us.
    private static (string Algorithm, string? Value) Split(string part, string header)
    {
        var at = part.IndexOf('=', StringComparison.Ordinal);
        if (at < 0)
            return (part.Trim(), null);
        var (algorithm, value) = (part[..at].Trim(), part[(at + 1)..].Trim());
        if (header == "Digest")
            return (algorithm, value);
        var end = value.LastIndexOf(':');
        return (algorithm, end > 0 && value[0] == ':' ? value[1..end] : null);
    }

    private static string? Decode(string? value)
    {
        if (value is null or { Length: > Longest })
            return null;
        Span<byte> bytes = stackalloc byte[Base64.GetMaxDecodedFromUtf8Length(Longest)];
        return Convert.TryFromBase64String(value, bytes, out var length) && length == SHA256.HashSizeInBytes ? Convert.ToHexStringLower(bytes[..length]) : null;
    }
}

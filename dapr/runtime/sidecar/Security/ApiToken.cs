using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Sidecar.Security;

/// <summary>DAPR_API_TOKEN: what a caller must show in the header dapr-api-token. Compared in constant time.</summary>
internal sealed class ApiToken
{
    public const string Header = "dapr-api-token";
    private readonly byte[] _hash;

    private ApiToken(string token) => _hash = Hash(token);

    public static ApiToken? Of(string? token) => string.IsNullOrEmpty(token) ? null : new(token);

    public bool Matches(IHeaderDictionary headers) =>
        headers.TryGetValue(Header, out var shown) && shown.Count == 1
        && CryptographicOperations.FixedTimeEquals(Hash(shown[0] ?? ""), _hash);

    // Hashes are of one length whatever was shown, so not even the token's length can be timed.
    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

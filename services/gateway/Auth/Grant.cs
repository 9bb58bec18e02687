using System.Text.Json.Serialization;

namespace HmsMesh.Gateway.Auth;

/// <summary>The token endpoint's answer (RFC 6749, 5.1 and 5.2): tokens, or an error.</summary>
internal sealed record Grant
{
    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }

    [JsonPropertyName("id_token")]
    public string? IdToken { get; init; }

    [JsonPropertyName("expires_in")]
    public int ExpiresIn { get; init; }

    [JsonPropertyName("error")]
    public string? Error { get; init; }

    [JsonIgnore]
    public bool IsGiven => Error is null && AccessToken is { Length: > 0 };

    /// <summary>A compiler-made text would hold the tokens.</summary>
    public override string ToString() => Error ?? "granted";
}

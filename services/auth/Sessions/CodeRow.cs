namespace HmsMesh.Auth.Sessions;

/// <summary>An authorization code, by its hash.</summary>
internal sealed record CodeRow
{
    public string Hash { get; init; } = "";

    public string Session { get; init; } = "";

    public string Redirect { get; init; } = "";

    public string Challenge { get; init; } = "";

    public string? Nonce { get; init; }

    public long ExpiresAt { get; init; }

    public long Used { get; init; }
}

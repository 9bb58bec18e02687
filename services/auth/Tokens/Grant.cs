namespace HmsMesh.Auth.Tokens;

/// <summary>What an access token says.</summary>
internal sealed record Grant
{
    /// <summary>The opaque id of an account, or the client where it speaks for itself.</summary>
    public required string Subject { get; init; }

    public required string Client { get; init; }

    /// <summary>The service that it is for.</summary>
    public required string Audience { get; init; }

    public required IReadOnlyCollection<string> Scopes { get; init; }

    public required IReadOnlyCollection<string> Roles { get; init; }

    /// <summary>The session that it came from; when that ends, it is exchanged no more.</summary>
    public string? Session { get; init; }

    /// <summary>Who acts for the subject (RFC 8693, 4.1).</summary>
    public string? Actor { get; init; }
}

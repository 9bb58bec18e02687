namespace HmsMesh.Auth.Authorize;

/// <summary>A request that was checked; the sign-in page carries it, sealed.</summary>
internal sealed record AuthorizeRequest
{
    public required string Client { get; init; }

    public required string Redirect { get; init; }

    public required string Scope { get; init; }

    public required string Challenge { get; init; }

    public string? State { get; init; }

    public string? Nonce { get; init; }

    public string? Locales { get; init; }

    /// <summary>A page left open for longer asks again.</summary>
    public long ExpiresAt { get; init; }
}

namespace HmsMesh.Auth.Clients;

/// <summary>A client as clients.json describes it.</summary>
internal sealed record Client
{
    public required string Id { get; init; }

    /// <summary>What the sign-in page calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The name of its secret.</summary>
    public string? Secret { get; init; }

    /// <summary>The name of its API key, which somebody else exchanges for a token.</summary>
    public string? ApiKey { get; init; }

    /// <summary>It may go without its secret where a citizen signs in: it runs on the citizen's machine.</summary>
    public bool Public { get; init; }

    public required IReadOnlyList<string> Grants { get; init; }

    public IReadOnlyList<string> Redirects { get; init; } = [];

    /// <summary>Where a citizen may be sent after the end of a session.</summary>
    public IReadOnlyList<string> SignedOut { get; init; } = [];

    /// <summary>What it may ask for on behalf of others.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>What it may do for itself.</summary>
    public IReadOnlyList<string> OwnScopes { get; init; } = [];

    public IReadOnlyList<string> OwnRoles { get; init; } = [];

    /// <summary>The services for which it may get tokens; <c>*</c> is all of them.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    public bool May(string grant) => Grants.Contains(grant, StringComparer.Ordinal);

    public bool MayCall(string audience) => Audiences.Contains(audience, StringComparer.Ordinal) || Audiences is ["*"];

    /// <summary>Exactly as registered; but on loopback a program cannot know its port before it runs (RFC 8252, 7.3).</summary>
    public bool MayRedirectTo(string address) =>
        Redirects.Contains(address, StringComparer.Ordinal)
        || (Public && Redirects.Any(r => Uri.TryCreate(r, UriKind.Absolute, out var known) && known.IsDefaultPort && IsLoopbackOf(known, address)));

    private static bool IsLoopbackOf(Uri known, string address) =>
        known is { Scheme: "http", Host: "127.0.0.1" or "[::1]" }
        && Uri.TryCreate(address, UriKind.Absolute, out var asked)
        && string.Equals(address, $"http://{known.Host}:{asked.Port}{known.AbsolutePath}", StringComparison.Ordinal);
}

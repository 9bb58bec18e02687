namespace HmsMesh.Auth.Accounts;

/// <summary>A demo account as accounts.json describes it.</summary>
internal sealed record Account
{
    public required string Name { get; init; }

    /// <summary>Its opaque id, where it must be known beforehand; else one is made at random.</summary>
    public string? Subject { get; init; }

    /// <summary>How its person is greeted.</summary>
    public required string Shows { get; init; }

    /// <summary>The name of the secret that is its password.</summary>
    public required string Password { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }
}

namespace HmsMesh.Sidecar.Resources;

/// <summary>kind: Component.</summary>
public sealed record ComponentResource
{
    public required ResourceSource Source { get; init; }

    public required string Name { get; init; }

    /// <summary>Such as pubsub.in-memory.</summary>
    public required string Type { get; init; }

    public string Version { get; init; } = "v1";

    public bool IgnoreErrors { get; init; }

    public TimeSpan InitTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Metadata by name, case-insensitive, secrets and templates ({appID}, {uuid}, {namespace}) already put in.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public string? SecretStore { get; init; }
}

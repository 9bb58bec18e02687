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

    /// <summary>The metadata as it is written.</summary>
    public IReadOnlyList<MetadataItem> Items { get; init; } = [];

    /// <summary>Metadata by name, case-insensitive, secrets and templates ({appID}, {uuid}, {namespace}) put in. Empty until the
    /// component is opened.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>auth.secretStore.</summary>
    public string? SecretStore { get; init; }

    /// <summary>The document's text; another text is another resource.</summary>
    public string Text { get; init; } = "";
}

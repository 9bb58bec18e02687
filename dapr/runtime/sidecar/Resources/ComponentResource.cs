namespace HmsMesh.Sidecar.Resources;

/// <summary>kind: Component.</summary>
public sealed record ComponentResource
{
    public required ResourceSource Source { get; init; }

    public required string Name { get; init; }

    /// <summary>Such as pubsub.in-memory.</summary>
    public required string Type { get; init; }

    /// <summary>Where the type stands; null: where the document begins.</summary>
    public ResourceSource? TypeSource { get; init; }

    public string Version { get; init; } = "v1";

    public bool IgnoreErrors { get; init; }

    public TimeSpan InitTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The metadata as it is written.</summary>
    public IReadOnlyList<MetadataItem> Items { get; init; } = [];

    /// <summary>Metadata by name, case-insensitive, secrets and templates ({appID}, {uuid}, {namespace}) put in. Empty until the
    /// component is opened.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where a name of the metadata stands, of any case; where the document begins if it isn't there.</summary>
    public ResourceSource SourceOf(string name) =>
        Items.LastOrDefault(item => string.Equals(item.Name, name, StringComparison.OrdinalIgnoreCase))?.Source ?? Source;

    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>auth.secretStore.</summary>
    public string? SecretStore { get; init; }

    /// <summary>The document's text; another text is another resource.</summary>
    public string Text { get; init; } = "";
}

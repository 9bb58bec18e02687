namespace HmsMesh.Sidecar.Resources;

/// <summary>kind: Configuration, of --config.</summary>
internal sealed record ConfigurationResource
{
    public static ConfigurationResource Default { get; } = new();

    public ResourceSource? Source { get; init; }

    /// <summary>The share of traces that is sampled; 0 without a tracing section.</summary>
    public double SamplingRate { get; init; }

    public ApiAccess Api { get; init; } = ApiAccess.Everything;

    public IReadOnlyList<SecretScope> SecretScopes { get; init; } = [];

    /// <summary>Sections that features read themselves.</summary>
    public YamlMap? AccessControl { get; init; }

    public YamlMap? NameResolution { get; init; }

    public YamlMap? Tracing { get; init; }
}

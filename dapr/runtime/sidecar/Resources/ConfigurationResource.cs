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

    /// <summary>The spec, for features that read sections of their own.</summary>
    public YamlMap? Spec { get; init; }
}

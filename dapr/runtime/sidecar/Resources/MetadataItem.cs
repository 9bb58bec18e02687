namespace HmsMesh.Sidecar.Resources;

/// <summary>One entry of a component's metadata as it is written: a value, a secret's place, or an environment variable.</summary>
public sealed record MetadataItem(string Name, string? Value, string? SecretName, string? SecretKey, string? EnvironmentVariable)
{
    /// <summary>Where its value stands; null: it wasn't read from a file.</summary>
    public ResourceSource? Source { get; init; }
}

namespace HmsMesh.Sidecar.Resources;

/// <summary>One entry of a component's metadata as it is written: a value, a secret's place, or an environment variable.</summary>
public sealed record MetadataItem(string Name, string? Value, string? SecretName, string? SecretKey, string? EnvironmentVariable);

namespace HmsMesh.Sidecar.Resources;

/// <summary>kind: HTTPEndpoint.</summary>
public sealed record HttpEndpointResource(ResourceSource Source, string Name, YamlMap Spec)
{
    /// <summary>auth.secretStore: where secretKeyRef is looked up.</summary>
    public string? SecretStore { get; init; }

    /// <summary>The document as it stands in the file.</summary>
    public string Text { get; init; } = "";
}

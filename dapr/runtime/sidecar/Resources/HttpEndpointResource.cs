namespace HmsMesh.Sidecar.Resources;

/// <summary>kind: HTTPEndpoint.</summary>
public sealed record HttpEndpointResource(ResourceSource Source, string Name, YamlMap Spec);

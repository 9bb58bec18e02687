namespace HmsMesh.Sidecar.Resources;

/// <summary>kind: Resiliency; its meaning is the Resiliency folder's.</summary>
public sealed record ResiliencyResource(ResourceSource Source, string Name, YamlMap Spec);

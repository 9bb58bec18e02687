namespace HmsMesh.Sidecar.Resources;

/// <summary>kind: Resiliency; its meaning is the Resiliency folder's.</summary>
public sealed record ResiliencyResource(ResourceSource Source, string Name, YamlMap Spec)
{
    /// <summary>The document's text; another text is another resource.</summary>
    public string Text { get; init; } = "";
}

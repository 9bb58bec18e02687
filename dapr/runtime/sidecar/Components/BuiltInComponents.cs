namespace HmsMesh.Sidecar.Components;

/// <summary>Every component type that the sidecar knows.</summary>
internal static class BuiltInComponents
{
    public static IReadOnlyList<IComponentFactory> All { get; } =
    [
        new PubSubEmbedded.EmbeddedPubSubFactory(),
        new PubSubInMemory.InMemoryPubSubFactory(),
    ];
}

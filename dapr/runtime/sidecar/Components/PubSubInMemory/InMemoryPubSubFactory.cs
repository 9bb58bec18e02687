using HmsMesh.Sidecar.PubSub;

namespace HmsMesh.Sidecar.Components.PubSubInMemory;

/// <summary>pubsub.in-memory: events of one sidecar to itself, gone with it.</summary>
internal sealed class InMemoryPubSubFactory : IComponentFactory
{
    public string Type => "pubsub.in-memory";

    public IReadOnlyList<string> MetadataNames => PubSubMetadataNames.Common;

    public ValueTask<IComponent> CreateAsync(ComponentContext context, CancellationToken cancellationToken) => new(new InMemoryPubSub(context));
}

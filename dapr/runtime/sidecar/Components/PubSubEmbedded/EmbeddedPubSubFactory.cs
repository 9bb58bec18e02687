using HmsMesh.Broker;
using HmsMesh.Sidecar.PubSub;
using HmsMesh.Sidecar.PubSub.Contracts;

namespace HmsMesh.Sidecar.Components.PubSubEmbedded;

/// <summary>pubsub.embedded: the durable broker of a folder, shared by the sidecars of one process.</summary>
internal sealed class EmbeddedPubSubFactory : IComponentFactory
{
    public string Type => "pubsub.embedded";

    public IReadOnlyList<string> MetadataNames { get; } = [.. EmbeddedSettings.Names, .. PubSubMetadataNames.Common];

    public async ValueTask<IComponent> CreateAsync(ComponentContext context, CancellationToken cancellationToken)
    {
        var settings = EmbeddedSettings.Read(context);
        try
        {
            var gate = ContractGate.Open(context);
            return new EmbeddedPubSub(settings, gate, await context.Services.Brokers.RentAsync(settings.Broker, cancellationToken).ConfigureAwait(false));
        }
        catch (BrokerException failure)
        {
            throw new SidecarException(
                $"{context.Resource.SourceOf("path")}: component '{context.Resource.Name}' ({context.Resource.Type}) can't open its broker: {failure.Message}", failure);
        }
    }
}

using HmsMesh.Broker;
using HmsMesh.Sidecar.PubSub;
using HmsMesh.Sidecar.PubSub.Contracts;

namespace HmsMesh.Sidecar.Components.PubSubEmbedded;

/// <summary>A pub/sub component over the durable broker: what is accepted is on disk, and what isn't taken comes again.</summary>
internal sealed class EmbeddedPubSub(EmbeddedSettings settings, ContractGate? gate, BrokerLease lease) : IPubSub, IContractGate
{
    public IReadOnlyList<string> Capabilities { get; } = ["BULK_PUBLISH", "BULK_SUBSCRIBE"];

    public bool Keeps => true;

    public IRetrySchedule Redelivery => settings.Redelivery;

    public string Consumer => settings.Consumer;

    public TimeSpan? Lease => settings.Lease;

    public ContractBreach? Check(OutgoingEvent outgoing) => gate?.Check(outgoing);

    public async ValueTask<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 1)
        {
            return [await lease.Broker.PublishAsync(Complete(events[0]), cancellationToken).ConfigureAwait(false)];
        }

        return await lease.Broker.PublishAsync([.. events.Select(Complete)], cancellationToken).ConfigureAwait(false);
    }

    public ValueTask RegisterAsync(SubscriptionOptions options, CancellationToken cancellationToken) =>
        lease.Broker.RegisterAsync(Complete(options), cancellationToken);

    public ValueTask<IBrokerSubscription> SubscribeAsync(SubscriptionOptions options, IDeliveryHandler handler, CancellationToken cancellationToken) =>
        lease.Broker.SubscribeAsync(Complete(options), handler, cancellationToken);

    public ValueTask DisposeAsync() => lease.DisposeAsync();

    private OutgoingEvent Complete(OutgoingEvent outgoing) =>
        settings.Deduplication is { } window && outgoing.Id is not null ? outgoing with { Deduplication = window } : outgoing;

    private SubscriptionOptions Complete(SubscriptionOptions options) => options with { Lease = settings.Lease, StartFrom = settings.StartFrom };
}

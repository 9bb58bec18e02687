using HmsMesh.Broker;
using HmsMesh.Sidecar.Components;

namespace HmsMesh.Sidecar.PubSub;

/// <summary>A pub/sub component, over whichever broker. Topic and subscription names have passed the scopes already.</summary>
public interface IPubSub : IComponent
{
    ValueTask<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken);

    /// <summary>Makes the consumer known to a durable broker before the app is there; a broker that can't does nothing.</summary>
    ValueTask RegisterAsync(SubscriptionOptions options, CancellationToken cancellationToken);

    ValueTask<IBrokerSubscription> SubscribeAsync(SubscriptionOptions options, IDeliveryHandler handler, CancellationToken cancellationToken);
}

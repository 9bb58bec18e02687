using HmsMesh.Broker;
using HmsMesh.Sidecar.Components;

namespace HmsMesh.Sidecar.PubSub;

/// <summary>A pub/sub component, over whichever broker. Topic and subscription names have passed the scopes already.</summary>
public interface IPubSub : IComponent
{
    /// <summary>Whether an event given back comes again: a broker that keeps what a subscriber didn't take. Where it doesn't, what can't
    /// be delivered now is given up, as daprd does.</summary>
    bool Keeps { get; }

    /// <summary>When a failed event comes again where no retry policy is named.</summary>
    IRetrySchedule Redelivery { get; }

    /// <summary>What the component calls this app's consumer: its <c>consumerID</c>, else the app id.</summary>
    string Consumer { get; }

    /// <summary>How long a delivery may take before its event goes to the next; null: as long as it likes.</summary>
    TimeSpan? Lease => null;

    ValueTask<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken);

    /// <summary>Makes the consumer known to a durable broker before the app is there; a broker that can't does nothing.</summary>
    ValueTask RegisterAsync(SubscriptionOptions options, CancellationToken cancellationToken);

    ValueTask<IBrokerSubscription> SubscribeAsync(SubscriptionOptions options, IDeliveryHandler handler, CancellationToken cancellationToken);
}

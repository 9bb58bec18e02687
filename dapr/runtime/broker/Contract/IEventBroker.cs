namespace HmsMesh.Broker;

/// <summary>The durable broker of one folder.</summary>
public interface IEventBroker : IAsyncDisposable
{
    /// <summary>Completes once an fsync covers the event, or with why it was not accepted. Waiting publishes share one write and one fsync.</summary>
    ValueTask<PublishResult> PublishAsync(OutgoingEvent outgoing, CancellationToken cancellationToken);

    /// <summary>Several at once; each has its own result.</summary>
    ValueTask<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutgoingEvent> outgoing, CancellationToken cancellationToken);

    /// <summary>Makes the consumer known, so that it misses nothing published from now on, without delivering yet.</summary>
    ValueTask RegisterAsync(SubscriptionOptions options, CancellationToken cancellationToken);

    /// <summary>Registers and starts delivering.</summary>
    ValueTask<IBrokerSubscription> SubscribeAsync(SubscriptionOptions options, IDeliveryHandler handler, CancellationToken cancellationToken);

    /// <summary>Forgets what a consumer has not handled, on all its topics, so that nothing is kept for it. Throws
    /// <see cref="BrokerException"/> while it is attached. Returns how many subscriptions were forgotten.</summary>
    ValueTask<int> ForgetAsync(string consumer, CancellationToken cancellationToken);

    /// <summary>Reads events in log order from an offset; with <paramref name="follow"/> waits for new ones until cancelled.</summary>
    IAsyncEnumerable<StoredEvent> ReadAsync(long fromOffset, bool follow, CancellationToken cancellationToken);

    /// <summary>Where the log ends, and how far each consumer is. Another process may be the one that knows.</summary>
    ValueTask<BrokerStatus> StatusAsync(CancellationToken cancellationToken);
}

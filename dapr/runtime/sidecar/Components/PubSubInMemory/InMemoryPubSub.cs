using HmsMesh.Broker;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.PubSub;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Components.PubSubInMemory;

/// <summary>Hands an event to each subscription of its topic, one at a time and in order; a topic that ends in * is a prefix.</summary>
internal sealed class InMemoryPubSub(ComponentContext context) : IPubSub
{
    private readonly Lock _gate = new();
    private readonly ILogger _log = context.Services.Loggers.CreateLogger(SidecarLogCategory.Of("dapr.contrib", context.Options.AppId));
    private InMemorySubscription[] _subscriptions = [];
    private long _offset;
    private bool _closed;

    public IReadOnlyList<string> Capabilities { get; } = ["SUBSCRIBE_WILDCARDS"];

    public bool Keeps => false;

    public IRetrySchedule Redelivery => NoRedelivery.Instance;

    public string Consumer => context.Options.AppId;

    public async ValueTask<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken)
    {
        var results = new PublishResult[events.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = await SendAsync(events[i], cancellationToken).ConfigureAwait(false);
        }

        return results;
    }

    public ValueTask RegisterAsync(SubscriptionOptions options, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IBrokerSubscription> SubscribeAsync(SubscriptionOptions options, IDeliveryHandler handler, CancellationToken cancellationToken)
    {
        var subscription = new InMemorySubscription(this, options, handler, context.Services.Time, _log);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _subscriptions = [.. _subscriptions, subscription];
        }

        subscription.Start();
        return new(subscription);
    }

    public async ValueTask DisposeAsync()
    {
        InMemorySubscription[] left;
        lock (_gate)
        {
            _closed = true;
            left = _subscriptions;
        }

        foreach (var subscription in left)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal void Remove(InMemorySubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions = [.. _subscriptions.Where(other => other != subscription)];
        }
    }

    internal async ValueTask<PublishResult> SendAsync(OutgoingEvent outgoing, CancellationToken cancellationToken)
    {
        InMemorySubscription[] subscriptions;
        lock (_gate)
        {
            if (_closed)
            {
                return new(PublishStatus.Closed, -1, "the component is closed");
            }

            subscriptions = _subscriptions;
        }

        var offset = Interlocked.Increment(ref _offset);
        var stored = Store(outgoing, offset);
        foreach (var subscription in subscriptions)
        {
            if (subscription.Takes(outgoing.Topic) && !await subscription.EnqueueAsync(stored, cancellationToken).ConfigureAwait(false))
            {
                return new(PublishStatus.Full, -1, $"{InMemorySubscription.Capacity} events of topic {outgoing.Topic} wait for the app, which lags");
            }
        }

        return new(PublishStatus.Stored, offset);
    }

    private StoredEvent Store(OutgoingEvent outgoing, long offset) => new()
    {
        Offset = offset,
        Time = context.Services.Time.GetUtcNow(),
        PubSub = outgoing.PubSub,
        Topic = outgoing.Topic,
        Data = outgoing.Data,
        ContentType = outgoing.ContentType,
        Key = outgoing.Key,
        Source = outgoing.Source,
        Id = outgoing.Id,
        Expires = outgoing.Expires,
        Publisher = outgoing.Publisher,
        Metadata = outgoing.Metadata ?? PublishMetadata.None,
    };
}

using HmsMesh.Broker;
using HmsMesh.Sidecar.Components.PubSubInMemory;
using HmsMesh.Sidecar.PubSub;

namespace HmsMesh.Sidecar.Tests.PubSub;

/// <summary>A component that answers each publish as a test says, and remembers what it was sent.</summary>
internal sealed class FailingPubSub(Func<int, OutgoingEvent, CancellationToken, Task<PublishResult>> answer) : IPubSub
{
    private int _calls;

    public List<string> Sent { get; } = [];

    public IReadOnlyList<string> Capabilities => [];

    public bool Keeps => false;

    public IRetrySchedule Redelivery => NoRedelivery.Instance;

    public string Consumer => "app";

    public async ValueTask<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken)
    {
        var call = ++_calls;
        Sent.Add(string.Join(',', events.Select(sent => sent.Id)));
        var results = new List<PublishResult>();
        foreach (var sent in events)
        {
            results.Add(await answer(call, sent, cancellationToken));
        }

        return results;
    }

    public ValueTask RegisterAsync(SubscriptionOptions options, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IBrokerSubscription> SubscribeAsync(SubscriptionOptions options, IDeliveryHandler handler, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

namespace HmsMesh.Broker;

/// <summary>One user's hold on a pooled broker.</summary>
public sealed class BrokerLease(IEventBroker broker, Func<ValueTask> release) : IAsyncDisposable
{
    public IEventBroker Broker { get; } = broker;

    public ValueTask DisposeAsync() => release();
}

namespace HmsMesh.Broker;

/// <summary>A consumer attached to a topic. Disposing waits for deliveries under way, and keeps the consumer's mark.</summary>
public interface IBrokerSubscription : IAsyncDisposable
{
    /// <summary>While paused nothing is delivered, the mark stands still and no try is spent.</summary>
    void Pause();

    void Resume();
}

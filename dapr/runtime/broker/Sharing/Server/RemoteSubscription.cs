using HmsMesh.Broker.Consumers;

namespace HmsMesh.Broker.Sharing.Server;

/// <summary>A subscription of another process, and whether that paused it before it was attached here.</summary>
internal sealed class RemoteSubscription(ClientConnection client, long id) : IDeliveryLink
{
    private readonly Lock _gate = new();
    private Subscription? _attached;
    private bool _paused;

    public long Id { get; } = id;

    public bool IsDeaf => client.IsDeaf;

    public Subscription? Attached
    {
        get
        {
            lock (_gate)
            {
                return _attached;
            }
        }
    }

    public void Deliver(RemoteDelivery delivery) => client.Deliver(this, delivery);

    public void Doubt() => client.Doubt();

    public void Cancel(RemoteDelivery delivery) => client.Cancel(this, delivery);

    public void Settled(RemoteDelivery delivery) => client.Settled(Id, delivery.Id);

    public void Attach(Subscription subscription)
    {
        lock (_gate)
        {
            _attached = subscription;
            if (_paused)
            {
                subscription.Pause();
            }
        }
    }

    public void Pause(bool paused)
    {
        lock (_gate)
        {
            _paused = paused;
            if (paused)
            {
                _attached?.Pause();
            }
            else
            {
                _attached?.Resume();
            }
        }
    }
}

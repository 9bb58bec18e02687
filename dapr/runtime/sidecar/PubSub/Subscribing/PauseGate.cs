using HmsMesh.Broker;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>Pauses a broker's subscription while there is any reason to, and only then.</summary>
internal sealed class PauseGate(Action<PauseReasons> paused, Action resumed)
{
    private readonly Lock _gate = new();
    private IBrokerSubscription? _subscription;
    private PauseReasons _reasons;

    /// <summary>Takes the subscription once it is there; it may have to pause at once.</summary>
    public void Attach(IBrokerSubscription subscription)
    {
        lock (_gate)
        {
            _subscription = subscription;
            if (_reasons != PauseReasons.None)
            {
                subscription.Pause();
            }
        }
    }

    public void Pause(PauseReasons reason)
    {
        lock (_gate)
        {
            var before = _reasons;
            _reasons |= reason;
            if (before == PauseReasons.None)
            {
                _subscription?.Pause();
                paused(reason);
            }
        }
    }

    public void Resume(PauseReasons reason)
    {
        lock (_gate)
        {
            if (_reasons == PauseReasons.None)
            {
                return;
            }

            _reasons &= ~reason;
            if (_reasons == PauseReasons.None)
            {
                _subscription?.Resume();
                resumed();
            }
        }
    }
}

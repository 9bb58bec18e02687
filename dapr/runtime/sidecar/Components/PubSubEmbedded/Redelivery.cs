using HmsMesh.Broker;

namespace HmsMesh.Sidecar.Components.PubSubEmbedded;

/// <summary>When a failed event comes again where no retry policy is named: after a wait that doubles, so many times in all.</summary>
internal sealed record Redelivery(int MaxDeliveries, TimeSpan Backoff, TimeSpan MaxBackoff) : IRetrySchedule
{
    public TimeSpan? DelayAfter(int tries)
    {
        if (tries >= MaxDeliveries)
        {
            return null;
        }

        var grown = Backoff.TotalMilliseconds * Math.Pow(2, Math.Clamp(tries - 1, 0, 60));
        return TimeSpan.FromMilliseconds(Math.Min(grown, MaxBackoff.TotalMilliseconds));
    }
}

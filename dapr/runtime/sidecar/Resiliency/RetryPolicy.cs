using HmsMesh.Broker;

namespace HmsMesh.Sidecar.Resiliency;

/// <summary>A retry policy of the YAML as a value. A first retry waits its interval.</summary>
/// <param name="MaxRetries">-1: without end.</param>
public sealed record RetryPolicy(bool Exponential, TimeSpan Duration, TimeSpan MaxInterval, int MaxRetries) : IRetrySchedule
{
    public TimeSpan? DelayAfter(int tries)
    {
        if (MaxRetries >= 0 && tries > MaxRetries)
        {
            return null;
        }

        return Exponential ? throw new NotImplementedException() : Duration;
    }
}

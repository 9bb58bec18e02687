using HmsMesh.Broker;

namespace HmsMesh.Sidecar.Resiliency;

/// <summary>A retry policy of the YAML as a value. A first retry waits its interval.</summary>
/// <param name="Duration">The wait of a constant policy, and the first one of an exponential policy.</param>
/// <param name="MaxRetries">-1: without end.</param>
public sealed record RetryPolicy(bool Exponential, TimeSpan Duration, TimeSpan MaxInterval, int MaxRetries) : IRetrySchedule
{
    public const double Multiplier = 1.5;

    /// <summary>Waits of an exponential policy differ by up to this share, so that many failures don't come again all at once.</summary>
    public const double Jitter = 0.5;

    /// <summary>An exponential policy gives up after so long, however many tries it has.</summary>
    public static TimeSpan MaxElapsed { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Where a constant policy names no duration.</summary>
    public static TimeSpan DefaultDuration { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Where an exponential policy begins; the YAML has no name for it.</summary>
    public static TimeSpan InitialInterval { get; } = TimeSpan.FromMilliseconds(500);

    public static TimeSpan DefaultMaxInterval { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The answers that are worth another try.</summary>
    public StatusRanges Matching { get; init; } = StatusRanges.All;

    public TimeSpan? DelayAfter(int tries)
    {
        if (MaxRetries >= 0 && tries > MaxRetries)
        {
            return null;
        }

        if (!Exponential)
        {
            return Duration;
        }

        return Elapsed(tries) > MaxElapsed ? null : Interval(tries) * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble()));
    }

    /// <summary>The wait after so many failed tries, before jitter.</summary>
    private TimeSpan Interval(int tries)
    {
        var grown = Duration.TotalMilliseconds * Math.Pow(Multiplier, Math.Min(tries - 1, 200));
        return TimeSpan.FromMilliseconds(Math.Min(grown, MaxInterval.TotalMilliseconds));
    }

    private TimeSpan Elapsed(int tries)
    {
        var sum = TimeSpan.Zero;
        for (var i = 1; i < tries && sum <= MaxElapsed; i++)
        {
            sum += Interval(i);
        }

        return sum;
    }
}

namespace HmsMesh.Sidecar.Resiliency;

/// <summary>A circuit breaker of the YAML.</summary>
/// <param name="MaxRequests">How many tries pass while it is half open, and how many of them in a row close it.</param>
/// <param name="Interval">How often the counts of a closed breaker begin anew; zero: never.</param>
/// <param name="Timeout">How long it stays open.</param>
/// <param name="Trip">When it opens; null: after more than five failures in a row.</param>
internal sealed record BreakerSettings(string Name, int MaxRequests, TimeSpan Interval, TimeSpan Timeout, TripExpression? Trip)
{
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(60);

    public bool Trips(in BreakerCounts counts) => Trip?.Matches(counts) ?? counts.ConsecutiveFailures > 5;
}

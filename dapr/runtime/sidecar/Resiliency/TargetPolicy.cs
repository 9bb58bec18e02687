namespace HmsMesh.Sidecar.Resiliency;

/// <summary>What holds for one target and direction; null: nothing.</summary>
internal sealed record TargetPolicy(TimeSpan? Timeout, RetryPolicy? Retry, CircuitBreaker? Breaker)
{
    public static TargetPolicy None { get; } = new(null, null, null);
}

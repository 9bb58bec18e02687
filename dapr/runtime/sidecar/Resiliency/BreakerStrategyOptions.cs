using Polly;

namespace HmsMesh.Sidecar.Resiliency;

internal sealed class BreakerStrategyOptions : ResilienceStrategyOptions
{
    public BreakerStrategyOptions() => Name = "CircuitBreaker";
}

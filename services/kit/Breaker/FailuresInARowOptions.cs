using Polly;

namespace HmsMesh.Kit;

/// <summary>Names the strategy in Polly's telemetry.</summary>
internal sealed class FailuresInARowOptions : ResilienceStrategyOptions
{
    public FailuresInARowOptions() => Name = "FailuresInARow";
}

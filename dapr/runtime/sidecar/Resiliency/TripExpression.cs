using HmsMesh.Sidecar.Cel;

namespace HmsMesh.Sidecar.Resiliency;

/// <summary>When a breaker opens: a CEL expression over requests, totalSuccesses, totalFailures, consecutiveSuccesses, consecutiveFailures.</summary>
internal sealed class TripExpression
{
    private static readonly string[] Names = ["requests", "totalSuccesses", "totalFailures", "consecutiveSuccesses", "consecutiveFailures"];
    private readonly CelExpression _expression;

    private TripExpression(CelExpression expression) => _expression = expression;

    public static bool TryParse(string text, out TripExpression? trip, out string? problem)
    {
        trip = CelExpression.TryParse(text, Names, out var expression, out problem) ? new(expression!) : null;
        return trip is not null;
    }

    /// <summary>An expression that fails doesn't open a breaker.</summary>
    public bool Matches(in BreakerCounts counts) =>
        _expression.TryMatch(
            [counts.Requests, counts.TotalSuccesses, counts.TotalFailures, counts.ConsecutiveSuccesses, counts.ConsecutiveFailures],
            out var matches,
            out _)
        && matches;
}

namespace HmsMesh.Metrics.Payouts;

/// <summary>The payouts of one day, or of all where it has no day.</summary>
internal sealed record PayoutDay
{
    public string? Day { get; init; }

    public long Count { get; init; }

    public long MedianMs { get; init; }

    public long P90Ms { get; init; }

    public long P99Ms { get; init; }
}

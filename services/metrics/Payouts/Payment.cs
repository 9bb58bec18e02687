namespace HmsMesh.Metrics.Payouts;

/// <summary>What a payment.sent tells.</summary>
internal sealed record Payment
{
    public long Cents { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long At { get; init; }

    public long Ordering { get; init; }

    /// <summary>The day of it (UTC).</summary>
    public string Day { get; init; } = "";
}

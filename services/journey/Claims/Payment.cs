namespace HmsMesh.Journey.Claims;

/// <summary>What a payment.sent tells.</summary>
internal sealed record Payment
{
    public long Cents { get; init; }

    public long Ordering { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long At { get; init; }
}

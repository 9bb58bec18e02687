namespace HmsMesh.Claims.Filing;

/// <summary>What payments said of a claim.</summary>
internal sealed record PaymentNews
{
    public string ClaimId { get; init; } = "";

    /// <summary>paid or payment-failed.</summary>
    public string Step { get; init; } = "";

    public long AmountCents { get; init; }

    public long HappenedAt { get; init; }

    /// <summary>Greater is later, whatever the order of arrival.</summary>
    public long Ordering { get; init; }
}

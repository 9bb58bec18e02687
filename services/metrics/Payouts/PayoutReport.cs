namespace HmsMesh.Metrics.Payouts;

/// <summary>How long payouts took, from submission to payment. Percentiles are order statistics by nearest rank: a time that a payout
/// really took, and the least that so many payouts did not exceed.</summary>
/// <param name="Count">Payouts.</param>
/// <param name="MedianMs">Null where there is none.</param>
/// <param name="P90Ms">Null where there is none.</param>
/// <param name="P99Ms">Null where there is none.</param>
/// <param name="Failed">Claims whose payment failed or came back.</param>
/// <param name="Waiting">Approved claims whose payout is not measured yet: not paid, or paid before word of the submission came.</param>
/// <param name="Days">By day of payment (UTC), the latest days, oldest first.</param>
/// <param name="Slowest">The slowest first.</param>
internal sealed record PayoutReport(
    long Count, long? MedianMs, long? P90Ms, long? P99Ms, long Failed, long Waiting, IReadOnlyList<PayoutDay> Days, IReadOnlyList<SlowPayout> Slowest);

namespace HmsMesh.Metrics.Payouts;

/// <summary>A payout that took long.</summary>
internal sealed record SlowPayout(string ClaimId, long Ms, string At);

namespace HmsMesh.Gateway.Api;

/// <summary>How long payouts take, from submission to payment.</summary>
internal sealed record Payouts(int Count, double MedianMs, double P90Ms, double P99Ms, IReadOnlyList<PayoutDay> Days, IReadOnlyList<SlowPayout> Slowest);

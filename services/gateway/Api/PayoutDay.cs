namespace HmsMesh.Gateway.Api;

/// <summary>The payouts of one day, in milliseconds from submission to payment.</summary>
internal sealed record PayoutDay(DateOnly Day, int Count, double MedianMs, double P90Ms, double P99Ms);

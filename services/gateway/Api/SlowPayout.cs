namespace HmsMesh.Gateway.Api;

/// <summary>One of the slowest payouts.</summary>
internal sealed record SlowPayout(string ClaimId, double Ms, DateTimeOffset At);

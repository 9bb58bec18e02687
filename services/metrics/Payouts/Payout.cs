using System.Globalization;

namespace HmsMesh.Metrics.Payouts;

/// <summary>One payout.</summary>
internal sealed record Payout
{
    public string ClaimId { get; init; } = "";

    /// <summary>Unix milliseconds.</summary>
    public long SubmittedAt { get; init; }

    public long SentAt { get; init; }

    public long Ms { get; init; }

    public static string Text(long time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace HmsMesh.Journey.Claims;

/// <summary>What a page is told of one claim.</summary>
internal sealed record ClaimState
{
    public string ClaimId { get; init; } = "";

    /// <summary>submitted, approved, denied, paid or payment-failed.</summary>
    public string Status { get; init; } = "";

    /// <summary>Unix milliseconds.</summary>
    public long HappenedAt { get; init; }

    /// <summary>The number of the change among those of its citizen.</summary>
    public long Version { get; init; }

    public string At => DateTimeOffset.FromUnixTimeMilliseconds(HappenedAt).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

using System.Security.Cryptography;
using System.Text.Json;
using HmsMesh.Claims.Decisions;

namespace HmsMesh.Claims.Intake;

/// <summary>A form that was filled in rightly.</summary>
internal sealed record Application
{
    public static readonly string[] Reasons = ["laid-off", "hours-reduced", "quit", "misconduct"];

    public string Employer { get; init; } = "";

    public DateOnly LastDay { get; init; }

    public string Reason { get; init; } = "";

    public int WeeksWorked { get; init; }

    public long WeeklyIncomeCents { get; init; }

    public bool AbleToWork { get; init; }

    public bool Veteran { get; init; }

    /// <summary>Where the document service has what the citizen attached.</summary>
    public string? Document { get; init; }

    /// <summary>Tells one form from another, where both come under the same Idempotency-Key.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new { Employer, LastDay, Reason, WeeksWorked, WeeklyIncomeCents, AbleToWork, Veteran, Document })));

    public Facts Facts(DateOnly today) =>
        new(AbleToWork, Veteran, Reason, WeeksWorked, WeeklyIncomeCents / 100m, today.DayNumber - LastDay.DayNumber);
}

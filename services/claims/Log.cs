namespace HmsMesh.Claims;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Claim {ClaimId} is {Status} by {Rule} of the rules {Version}")]
    public static partial void Decided(ILogger logger, string claimId, string status, string rule, string version);

    [LoggerMessage(2, LogLevel.Information, "Claim {ClaimId} is {Status}: event {EventId}, {Age:F1} ms after it")]
    public static partial void Followed(ILogger logger, string claimId, string status, string eventId, double age);

    [LoggerMessage(3, LogLevel.Warning, "Incident: {Status} was said of claim {ClaimId}, which is not owed that amount; event {EventId} changes nothing")]
    public static partial void NotOwed(ILogger logger, string status, string claimId, string eventId);
}

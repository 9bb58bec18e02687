namespace HmsMesh.Metrics;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Claim {ClaimId} was paid {Ms} ms after it was submitted: event {EventId}")]
    public static partial void Measured(ILogger logger, string claimId, long ms, string eventId);

    [LoggerMessage(2, LogLevel.Warning, "Claim {ClaimId} was approved for {ApprovedCents} cents, and a payment of {Cents} is none of it: ignored, event {EventId}")]
    public static partial void OtherAmount(ILogger logger, string claimId, long approvedCents, long cents, string eventId);

    [LoggerMessage(3, LogLevel.Information, "Claim {ClaimId} is not approved yet: its payment waits, event {EventId}")]
    public static partial void Early(ILogger logger, string claimId, string eventId);

    [LoggerMessage(4, LogLevel.Error, "Incident: a payment of {Cents} cents waited {Waited} for the approval of claim {ClaimId}, which never came; it is removed")]
    public static partial void NeverApproved(ILogger logger, string claimId, long cents, TimeSpan waited);
}

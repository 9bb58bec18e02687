namespace HmsMesh.Journey;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Hid \"Apply today\" of {Facility}: event {EventId}, {Age:F1} ms after it")]
    public static partial void Hidden(ILogger logger, string facility, string eventId, double age);

    [LoggerMessage(2, LogLevel.Information, "Showed \"Apply today\" of {Facility}: event {EventId}, {Age:F1} ms after it")]
    public static partial void Shown(ILogger logger, string facility, string eventId, double age);

    [LoggerMessage(3, LogLevel.Warning, "The options could not be read; open pages keep what they show")]
    public static partial void FeedFailed(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Information, "Claim {ClaimId} is {Status}: event {EventId}, {Age:F1} ms after it")]
    public static partial void Followed(ILogger logger, string claimId, string status, string eventId, double age);

    [LoggerMessage(5, LogLevel.Warning, "Claim {ClaimId} was approved for {ApprovedCents} cents, and a payment of {Cents} is none of it: ignored, event {EventId}")]
    public static partial void OtherAmount(ILogger logger, string claimId, long approvedCents, long cents, string eventId);

    [LoggerMessage(6, LogLevel.Error, "Incident: a payment of {Cents} cents waited {Waited} for the approval of claim {ClaimId}, which never came; it is removed")]
    public static partial void NeverApproved(ILogger logger, string claimId, long cents, TimeSpan waited);
}

namespace HmsMesh.Metrics;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Claim {ClaimId} was paid {Ms} ms after it was submitted: event {EventId}")]
    public static partial void Measured(ILogger logger, string claimId, long ms, string eventId);
}

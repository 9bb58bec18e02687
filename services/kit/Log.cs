using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit;

/// <summary>Every line that the kit logs. Never a payload, never a token.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "handled {Topic} {EventId} {Milliseconds:F1} ms after it was said")]
    public static partial void Handled(this ILogger logger, string topic, string eventId, double milliseconds);

    [LoggerMessage(2, LogLevel.Information, "already handled {Topic} {EventId} from {Source}")]
    public static partial void Duplicate(this ILogger logger, string topic, string eventId, string source);

    [LoggerMessage(3, LogLevel.Information, "stale {Topic} {EventId}, said {Milliseconds:F1} ms ago: a newer one was here first")]
    public static partial void Stale(this ILogger logger, string topic, string eventId, double milliseconds);

    [LoggerMessage(4, LogLevel.Error, "dropped {Topic} {EventId} to the dead letters: {Reason}")]
    public static partial void Dropped(this ILogger logger, string topic, string eventId, string reason);

    [LoggerMessage(5, LogLevel.Error, "the handler of {Topic} failed on {EventId}; it comes again")]
    public static partial void HandlerFailed(this ILogger logger, Exception exception, string topic, string eventId);

    [LoggerMessage(6, LogLevel.Warning, "warming up: the handler of {Topic} failed on its contract's first example")]
    public static partial void RehearsalFailed(this ILogger logger, Exception exception, string topic);

    [LoggerMessage(7, LogLevel.Information, "sent {Topic} {EventId} {Milliseconds:F1} ms after it was said")]
    public static partial void Sent(this ILogger logger, string topic, string eventId, double milliseconds);

    [LoggerMessage(8, LogLevel.Warning, "the sidecar has not taken {Topic} {EventId} at try {Attempt}: {Reason}; trying on")]
    public static partial void SendFailed(this ILogger logger, string topic, string eventId, int attempt, string reason);

    [LoggerMessage(9, LogLevel.Error, "the relay failed on its database; trying on")]
    public static partial void RelayFailed(this ILogger logger, Exception exception);

    [LoggerMessage(10, LogLevel.Debug, "the database asks for the transaction once more (try {Attempt}): {Reason}")]
    public static partial void TransactionRepeated(this ILogger logger, int attempt, string reason);

    [LoggerMessage(11, LogLevel.Error, "an action after a commit failed; the commit stands")]
    public static partial void AfterCommitFailed(this ILogger logger, Exception exception);

    [LoggerMessage(12, LogLevel.Information, "{AppId} is ready after {Milliseconds} ms: {Database}, {Migrations} migrations applied, says {Says}, hears {Hears}")]
    public static partial void Ready(this ILogger logger, string appId, long milliseconds, string database, int migrations, int says, int hears);

    [LoggerMessage(13, LogLevel.Warning, "APP_API_TOKEN is not set: any local process may call this service")]
    public static partial void NoToken(this ILogger logger);

    [LoggerMessage(14, LogLevel.Debug, "pruned {Inbox} inbox and {Outbox} outbox rows, {Subjects} subjects")]
    public static partial void Pruned(this ILogger logger, int inbox, int outbox, int subjects);

    [LoggerMessage(15, LogLevel.Information, "the sidecar at {Endpoint} is not there yet; events wait in the outbox")]
    public static partial void SidecarMissing(this ILogger logger, string endpoint);

    [LoggerMessage(16, LogLevel.Warning, "warming up through the own port failed: {Reason}")]
    public static partial void WarmUpFailed(this ILogger logger, string reason);

    [LoggerMessage(17, LogLevel.Critical, "the service cannot start")]
    public static partial void StartFailed(this ILogger logger, Exception exception);

    [LoggerMessage(18, LogLevel.Information, "refused {Method} {Route}: {Reason}")]
    public static partial void CallRefused(this ILogger logger, string method, string route, string reason);

    [LoggerMessage(20, LogLevel.Error, "{Work} failed; it is done again at its next turn")]
    public static partial void UpkeepFailed(this ILogger logger, Exception exception, string work);

    [LoggerMessage(19, LogLevel.Warning, "the keys of the issuer {Issuer} cannot be had: {Reason}")]
    public static partial void IssuerMissing(this ILogger logger, string issuer, string reason);
}

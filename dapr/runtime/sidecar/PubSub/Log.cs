using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.PubSub;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "A publish to topic {Topic} of {PubSub} was not accepted: {Problem}")]
    public static partial void NotPublished(ILogger logger, string pubSub, string topic, string problem);

    [LoggerMessage(13, LogLevel.Warning, "A publish to topic {Topic} of {PubSub} breaks its contract at '{Pointer}', and was refused")]
    public static partial void BreaksContract(ILogger logger, string pubSub, string topic, string pointer);

    [LoggerMessage(2, LogLevel.Information, "App is subscribed to {Topic} of {PubSub} ({Kind})")]
    public static partial void Subscribed(ILogger logger, string pubSub, string topic, string kind);

    [LoggerMessage(3, LogLevel.Error, "Subscription to {Topic} of {PubSub} is left out: {Problem}")]
    public static partial void NotSubscribed(ILogger logger, string pubSub, string topic, string problem);

    [LoggerMessage(4, LogLevel.Error, "The app's answer to GET /dapr/subscribe can't be used: {Problem}")]
    public static partial void BadProgrammatic(ILogger logger, string problem);

    [LoggerMessage(5, LogLevel.Warning, "Event {Id} of topic {Topic} failed: {Cause} (try {Try})")]
    public static partial void Failed(ILogger logger, string? id, string topic, string? cause, int @try);

    [LoggerMessage(6, LogLevel.Warning, "Event {Id} of topic {Topic} is dropped: {Cause}")]
    public static partial void Dropped(ILogger logger, string? id, string topic, string? cause);

    [LoggerMessage(7, LogLevel.Debug, "Event {Id} of topic {Topic} was delivered to {Path}")]
    public static partial void Delivered(ILogger logger, string? id, string topic, string path);

    [LoggerMessage(8, LogLevel.Warning, "Deliveries of topic {Topic} pause: {Reason}")]
    public static partial void Paused(ILogger logger, string topic, string reason);

    [LoggerMessage(14, LogLevel.Information, "Deliveries of topic {Topic} end")]
    public static partial void Stopping(ILogger logger, string topic);

    [LoggerMessage(9, LogLevel.Information, "Deliveries of topic {Topic} go on")]
    public static partial void Resumed(ILogger logger, string topic);

    [LoggerMessage(10, LogLevel.Warning, "Dead letter topic {DeadLetterTopic} of {Topic} is not allowed for this app; its dead letters are lost")]
    public static partial void DeadLetterForbidden(ILogger logger, string topic, string deadLetterTopic);

    [LoggerMessage(11, LogLevel.Warning, "The warm-up did not complete; the first event may take longer")]
    public static partial void NotWarm(ILogger logger, Exception exception);

    [LoggerMessage(12, LogLevel.Warning, "Pub/sub component {PubSub} was gone before its subscriptions ended: {Problem}")]
    public static partial void NotStopped(ILogger logger, string pubSub, string problem);
}

using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Components.PubSubInMemory;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The handler of topic {Topic} failed")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string topic);

    [LoggerMessage(2, LogLevel.Error, "Event {Id} of topic {Topic} is lost after {Tries} tries, as no dead letter topic is named: {Cause}")]
    public static partial void Lost(ILogger logger, string? id, string topic, int tries, string? cause);

    [LoggerMessage(3, LogLevel.Error, "Event {Id} is lost: dead letter topic {Topic} did not take it: {Problem}")]
    public static partial void DeadLetterLost(ILogger logger, string? id, string topic, string? problem);
}

using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.State.Outbox;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Events of the outbox of {Store} are not published yet: {Problem}")]
    public static partial void NotRelayed(ILogger logger, string store, string problem);

    [LoggerMessage(2, LogLevel.Error, "Event {Id} of the outbox of {Store} can't be published, and stays there: {Problem}")]
    public static partial void NeverRelayed(ILogger logger, string id, string store, string problem);
}

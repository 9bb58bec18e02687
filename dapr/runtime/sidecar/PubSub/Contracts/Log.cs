using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.PubSub.Contracts;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The contract {File} can't be used, and the one before it, if any, goes on: {Problem}")]
    public static partial void Unusable(ILogger logger, string file, string problem);

    [LoggerMessage(2, LogLevel.Warning, "The folders of contracts can't be looked through, and those known go on: {Problem}")]
    public static partial void NotFound(ILogger logger, string problem);
}

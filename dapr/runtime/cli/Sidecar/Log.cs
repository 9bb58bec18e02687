using Microsoft.Extensions.Logging;

namespace HmsMesh.Cli.Sidecar;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The app '{App}' ended with exit code 0; the sidecar ends with it")]
    public static partial void AppEnded(ILogger logger, string app);

    [LoggerMessage(2, LogLevel.Error, "The app '{App}' {How}; the sidecar ends with it")]
    public static partial void AppDied(ILogger logger, string app, string how);
}

using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Hosting;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Starting the sidecar of {AppId}")]
    public static partial void Starting(ILogger logger, string appId);

    [LoggerMessage(2, LogLevel.Information, "Flags that mean nothing here, and are ignored: {Flags}")]
    public static partial void IgnoredFlags(ILogger logger, string flags);

    [LoggerMessage(3, LogLevel.Information, "HTTP server listening on {Address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(4, LogLevel.Information, "Waiting for the app on {Address}:{Port}")]
    public static partial void AppAwaited(ILogger logger, string address, int port);

    [LoggerMessage(5, LogLevel.Information, "The app accepts connections on port {Port}")]
    public static partial void AppReached(ILogger logger, int port);

    [LoggerMessage(6, LogLevel.Information, "Sidecar initialized. Status: Running. Took {Milliseconds} ms")]
    public static partial void Running(ILogger logger, long milliseconds);

    [LoggerMessage(7, LogLevel.Information, "Shutting down: no more deliveries are taken, those under way have {Grace} to end")]
    public static partial void Stopping(ILogger logger, string grace);

    [LoggerMessage(8, LogLevel.Information, "The shutdown waits {Duration} first, as --dapr-block-shutdown-duration says")]
    public static partial void ShutdownBlocked(ILogger logger, string duration);

    [LoggerMessage(9, LogLevel.Information, "The sidecar has ended")]
    public static partial void Ended(ILogger logger);

    [LoggerMessage(10, LogLevel.Error, "{Problem}")]
    public static partial void Fatal(ILogger logger, string problem);

    [LoggerMessage(11, LogLevel.Error, "Closing {What} failed")]
    public static partial void CloseFailed(ILogger logger, Exception failure, string what);
}

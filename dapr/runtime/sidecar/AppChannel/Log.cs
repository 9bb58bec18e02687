using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.AppChannel;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "App entered healthy status")]
    public static partial void Healthy(ILogger logger);

    [LoggerMessage(2, LogLevel.Warning, "App entered un-healthy status: {Failures} probes in a row failed; deliveries pause")]
    public static partial void Unhealthy(ILogger logger, int failures);

    [LoggerMessage(3, LogLevel.Error, "What follows from the app's health could not be done; it is tried again with the next probe")]
    public static partial void ChangeFailed(ILogger logger, Exception failure);
}

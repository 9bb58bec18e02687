using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.AppChannel;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "App entered healthy status")]
    public static partial void Healthy(ILogger logger);

    [LoggerMessage(2, LogLevel.Warning, "App entered un-healthy status: {Failures} probes in a row failed; deliveries pause")]
    public static partial void Unhealthy(ILogger logger, int failures);
}

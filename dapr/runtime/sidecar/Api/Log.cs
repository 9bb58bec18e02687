using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Api;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "HTTP API Called: {Method} {Path} {Status} {Milliseconds} ms")]
    public static partial void Called(ILogger logger, string method, string? path, int status, double milliseconds);

    [LoggerMessage(2, LogLevel.Error, "A call failed: {Method} {Path}")]
    public static partial void Failed(ILogger logger, Exception failure, string method, string? path);

    [LoggerMessage(3, LogLevel.Warning, "{Method} {Path} was refused: its body is larger than the {Bytes} bytes that --max-body-size allows")]
    public static partial void TooLarge(ILogger logger, string method, string? path, long bytes);
}

using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Resiliency;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Loading resiliency configuration {Name} ({Source})")]
    public static partial void Loading(ILogger logger, string name, string source);

    [LoggerMessage(2, LogLevel.Error, "Resiliency configuration {Name} is left out: {Problem} None of its policies hold, and the sidecar goes on without them")]
    public static partial void LeftOut(ILogger logger, string name, string problem);

    [LoggerMessage(3, LogLevel.Warning, "Resiliency: {Target} names {Kind} {Policy}, which is not defined; it is ignored")]
    public static partial void Undefined(ILogger logger, string target, string kind, string policy);

    [LoggerMessage(4, LogLevel.Information, "Circuit breaker {Name} changed from {Before} to {After}")]
    public static partial void BreakerChanged(ILogger logger, string name, BreakerState before, BreakerState after);

    [LoggerMessage(5, LogLevel.Warning, "Resiliency: {Policy} is built in and needs at least 3 retries; it gets 3")]
    public static partial void TooFewRetries(ILogger logger, string policy);
}

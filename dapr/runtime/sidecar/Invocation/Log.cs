using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Invocation;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{AppId} is called at {Address}; others find it in {Names}")]
    public static partial void Registered(ILogger logger, string appId, string address, string names);

    [LoggerMessage(2, LogLevel.Error, "{Problem} It is tried again")]
    public static partial void NamesFailed(ILogger logger, string problem);

    [LoggerMessage(3, LogLevel.Error, "A call from another sidecar failed: {Method} {Path}")]
    public static partial void CallFailed(ILogger logger, Exception failure, string method, string? path);

    [LoggerMessage(4, LogLevel.Debug, "A call of {Target} failed: {Problem}")]
    public static partial void Failed(ILogger logger, string target, string problem);

    [LoggerMessage(5, LogLevel.Warning, "The answer of {Target} broke off: {Problem}")]
    public static partial void BrokenOff(ILogger logger, string target, string problem);

    [LoggerMessage(6, LogLevel.Error, "{Source}: HTTPEndpoint '{Name}' is left out: {Problem}")]
    public static partial void EndpointLeftOut(ILogger logger, string source, string name, string problem);

    [LoggerMessage(7, LogLevel.Warning, "nameResolution names mdns, which is not here: sidecars find each other in {Names}")]
    public static partial void NoMdns(ILogger logger, string names);
}

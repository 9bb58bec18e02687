using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Resources;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Place} is left out: {Problem}. Correct the file.")]
    public static partial void ResourceSkipped(ILogger logger, string place, string problem);

    [LoggerMessage(2, LogLevel.Debug, "{Kind} {Name} of {Source} is not for this app")]
    public static partial void OutOfScope(ILogger logger, string kind, string name, ResourceSource source);

    [LoggerMessage(3, LogLevel.Warning, "{Source}: the kind {Kind} ({ApiVersion}) means nothing here and is left out")]
    public static partial void UnknownKind(ILogger logger, ResourceSource source, string kind, string apiVersion);
}

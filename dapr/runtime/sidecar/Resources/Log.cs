using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Resources;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Place} is left out: {Problem}")]
    public static partial void ResourceSkipped(ILogger logger, string place, string problem);

    [LoggerMessage(2, LogLevel.Debug, "{Kind} {Name} of {Source} is not for this app")]
    public static partial void OutOfScope(ILogger logger, string kind, string name, ResourceSource source);

    [LoggerMessage(3, LogLevel.Warning, "{Source}: the kind {Kind} ({ApiVersion}) means nothing here and is left out")]
    public static partial void UnknownKind(ILogger logger, ResourceSource source, string kind, string apiVersion);

    [LoggerMessage(4, LogLevel.Warning, "{File}: what it said before goes on to hold until it is corrected")]
    public static partial void LastGoodKept(ILogger logger, string file);

    [LoggerMessage(5, LogLevel.Error, "The changed resources are not taken, what held before goes on: {Problem}")]
    public static partial void ReloadRefused(ILogger logger, string problem);

    [LoggerMessage(6, LogLevel.Information, "Resources changed: {Added} components opened, {Removed} closed, {Subscriptions} subscriptions changed")]
    public static partial void Reloaded(ILogger logger, int added, int removed, int subscriptions);

    [LoggerMessage(7, LogLevel.Error, "Taking changed resources failed")]
    public static partial void ReloadFailed(ILogger logger, Exception failure);
}

using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Resources;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "{Place}: {Problem}. Nothing of this {What} is used, and the sidecar goes on without it")]
    public static partial void ResourceSkipped(ILogger logger, string place, string problem, string what);

    [LoggerMessage(2, LogLevel.Debug, "{Kind} {Name} of {Source} is not for this app")]
    public static partial void OutOfScope(ILogger logger, string kind, string name, ResourceSource source);

    [LoggerMessage(EventId = 3, Message = "{Source}: the kind '{Kind}' ({ApiVersion}) is none that this sidecar has ({Known}). Nothing of this document is used")]
    public static partial void UnknownKind(ILogger logger, LogLevel level, ResourceSource source, string kind, string apiVersion, string known);

    [LoggerMessage(4, LogLevel.Error, "{Place}: {Problem}. What it said before goes on to hold until it is corrected")]
    public static partial void LastGoodKept(ILogger logger, string place, string problem);

    [LoggerMessage(5, LogLevel.Error, "The changed resources are not taken, what held before goes on: {Problem}")]
    public static partial void ReloadRefused(ILogger logger, string problem);

    [LoggerMessage(6, LogLevel.Information, "Resources changed: {Added} components opened, {Removed} closed, {Subscriptions} subscriptions changed")]
    public static partial void Reloaded(ILogger logger, int added, int removed, int subscriptions);

    [LoggerMessage(7, LogLevel.Error, "Taking changed resources failed")]
    public static partial void ReloadFailed(ILogger logger, Exception failure);
}

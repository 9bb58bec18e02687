using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Components;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Component loaded: {Name} ({Type}/{Version})")]
    public static partial void Loaded(ILogger logger, string name, string type, string version);

    [LoggerMessage(2, LogLevel.Warning, "{Problem} Its ignoreErrors lets the sidecar go on without it.")]
    public static partial void Ignored(ILogger logger, string problem);

    [LoggerMessage(3, LogLevel.Information, "Component closed: {Name} ({Type})")]
    public static partial void Closed(ILogger logger, string name, string type);

    [LoggerMessage(4, LogLevel.Warning, "{Source}: the metadata '{Metadata}' of component '{Name}' isn't known to {Type} and is ignored")]
    public static partial void UnknownMetadata(ILogger logger, ResourceSource source, string metadata, string name, string type);

    [LoggerMessage(5, LogLevel.Error, "{Source}: component '{Name}' isn't loaded, as its secret store '{Store}' isn't; name one in auth.secretStore and define it")]
    public static partial void SecretStoreMissing(ILogger logger, ResourceSource source, string name, string store);

    [LoggerMessage(6, LogLevel.Error, "{Source}: component '{Name}' takes the key '{Key}' of the secret '{Secret}', which is not there")]
    public static partial void SecretMissing(ILogger logger, ResourceSource source, string name, string secret, string key);

    [LoggerMessage(7, LogLevel.Warning, "{Source}: component '{Name}' asks for the environment variable {Variable}, which isn't given to components")]
    public static partial void VariableWithheld(ILogger logger, ResourceSource source, string name, string variable);
}

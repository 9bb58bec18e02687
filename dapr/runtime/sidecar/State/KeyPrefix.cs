using HmsMesh.Sidecar.Components;

namespace HmsMesh.Sidecar.State;

/// <summary>keyPrefix of a state store: whose keys are apart from whose.</summary>
internal static class KeyPrefix
{
    public const string Separator = "||";

    /// <summary>What stands in front of the app's keys in the store, separator and all.</summary>
    public static string Of(LoadedComponent store, SidecarOptions options)
    {
        // daprd reads the strategy, and so a prefix of one's own too, in lower case.
        var strategy = store.Resource.Metadata.GetValueOrDefault("keyPrefix", "appid").ToLowerInvariant();
        var prefix = strategy switch
        {
            "none" => null,
            "name" => store.Resource.Name,
            "" or "appid" => options.AppId,
            "namespace" => options.Namespace is { Length: > 0 } space ? $"{space}.{options.AppId}" : options.AppId,
            _ => strategy,
        };
        return prefix is null ? "" : prefix + Separator;
    }

    public static bool IsLegal(string key) => !key.Contains(Separator, StringComparison.Ordinal);
}

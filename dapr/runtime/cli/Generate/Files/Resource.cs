using HmsMesh.Cli.Generate.Yaml;

namespace HmsMesh.Cli.Generate.Files;

/// <summary>The shapes that Dapr's resources share.</summary>
internal static class Resource
{
    public const string PubSub = "pubsub";
    public const string StateStore = "statestore";
    public const string SecretStore = "secretstore";

    public static YamlMap Of(string kind, string version, string name, YamlMap? spec = null, IReadOnlyList<string>? scopes = null)
    {
        var map = new YamlMap
        {
            { "apiVersion", $"dapr.io/{version}" },
            { "kind", kind },
            { "metadata", new YamlMap { { "name", name } } },
        };
        if (spec is not null)
            map.Add("spec", spec);
        if (scopes is not null)
            map.Add("scopes", scopes);
        return map;
    }

    /// <param name="metadata">A value by name, or a map with the reference that stands for one, such as a secretKeyRef.</param>
    public static YamlMap Component(string name, string type, YamlMap metadata, IReadOnlyList<string> scopes, bool secrets = false)
    {
        var entries = metadata.Select(entry =>
        {
            var item = new YamlMap { { "name", entry.Key } };
            if (entry.Value is YamlMap reference)
                item.AddRange(reference);
            else
                item.Add("value", entry.Value);
            return item;
        });
        var component = Of("Component", "v1alpha1", name, new YamlMap
        {
            { "type", type },
            { "version", "v1" },
            { "metadata", entries.ToList() },
        });
        if (secrets)
            component.Add("auth", new YamlMap { { "secretStore", SecretStore } });
        component.Add("scopes", scopes);
        return component;
    }
}

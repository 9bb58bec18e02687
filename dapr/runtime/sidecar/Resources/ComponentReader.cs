namespace HmsMesh.Sidecar.Resources;

/// <summary>kind: Component, v1alpha1.</summary>
internal static class ComponentReader
{
    public static ComponentResource Read(ResourceDocument document)
    {
        var spec = document.Spec;
        return new ComponentResource
        {
            Source = document.Source,
            Name = document.Name.Length > 0 ? document.Name : throw new SidecarException($"{document.Root.SourceOf("metadata")}: the component has no name: give metadata.name."),
            Type = spec?.Text("type") is { Length: > 0 } type
                ? type
                : throw new SidecarException($"{document.Root.SourceOf("spec")}: the component '{document.Name}' has no spec.type, such as pubsub.in-memory."),
            TypeSource = spec.SourceOf("type"),
            Version = spec.Text("version", "v1"),
            IgnoreErrors = spec.Flag("ignoreErrors"),
            InitTimeout = InitTimeout(spec),
            Items = [.. spec.Maps("metadata").Select(Item)],
            Scopes = document.Scopes,
            SecretStore = document.Root.Map("auth")?.Text("secretStore"),
            Text = document.Text,
        };
    }

    // daprd takes its default for a time it can't read.
    private static TimeSpan InitTimeout(YamlMap spec) =>
        spec.Text("initTimeout") is { } text && GoDuration.TryParse(text, out var timeout) && timeout > TimeSpan.Zero ? timeout : TimeSpan.FromSeconds(5);

    private static MetadataItem Item(YamlMap item)
    {
        var secret = item.Map("secretKeyRef");
        var name = item.Text("name") is { Length: > 0 } given ? given : throw item.Fault("name", "is missing");
        return new MetadataItem(name, item.Any("value"), secret?.Text("name"), secret?.Text("key"), item.Text("envRef"))
        {
            Source = item.SourceOf(item.Has("value") ? "value" : item.Has("secretKeyRef") ? "secretKeyRef" : "envRef"),
        };
    }
}

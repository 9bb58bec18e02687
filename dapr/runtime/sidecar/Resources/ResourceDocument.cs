namespace HmsMesh.Sidecar.Resources;

/// <summary>One YAML document of a resource file, before its kind is looked at.</summary>
/// <param name="Text">As it stands in the file: two documents of the same text are the same resource.</param>
internal sealed record ResourceDocument(ResourceSource Source, string ApiVersion, string Kind, string Name, string Namespace, YamlMap Root, string Text)
{
    public IReadOnlyList<string> Scopes => Root.Texts("scopes");

    public YamlMap? Spec => Root.Map("spec");
}

namespace HmsMesh.Cli.Generate.Yaml;

/// <summary>A map that is written in the order in which it was filled. Values are strings, integers, booleans, maps and lists of them.</summary>
internal sealed class YamlMap : List<KeyValuePair<string, object>>
{
    public void Add(string key, object value) => Add(new KeyValuePair<string, object>(key, value));
}

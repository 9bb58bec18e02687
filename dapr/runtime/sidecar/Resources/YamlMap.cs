using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HmsMesh.Sidecar.Resources;

/// <summary>A mapping of a resource file that knows its place, so that a fault names file and line.</summary>
public sealed class YamlMap
{
    private readonly YamlMappingNode _node;
    private readonly string _file;
    private readonly string _path;

    internal YamlMap(YamlMappingNode node, string file, string path = "")
    {
        _node = node;
        _file = file;
        _path = path;
    }

    public ResourceSource Source => new(_file, (int)_node.Start.Line);

    /// <summary>Where the value of a key stands; the mapping's own place where it isn't there.</summary>
    public ResourceSource SourceOf(string key) => new(_file, (int)(Find(key) ?? _node).Start.Line);

    public IEnumerable<string> Keys => _node.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "");

    public bool Has(string key) => Find(key) is not null;

    /// <summary>A text; null where it is missing or null.</summary>
    public string? Text(string key) => Find(key) switch
    {
        null => null,
        YamlScalarNode scalar => IsNull(scalar) ? null : scalar.Value,
        var other => throw Fault(key, other, "must be a text"),
    };

    public string Text(string key, string otherwise) => Text(key) is { Length: > 0 } text ? text : otherwise;

    public bool Flag(string key, bool otherwise = false) => Text(key) switch
    {
        null or "" => otherwise,
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        var text => throw Fault(key, Find(key)!, $"must be true or false, and is '{text}'"),
    };

    public int? Number(string key) => Text(key) switch
    {
        null or "" => null,
        var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw Fault(key, Find(key)!, $"must be a whole number, and is '{text}'"),
    };

    /// <summary>A duration as Go writes it (1m30s, 500ms).</summary>
    public TimeSpan? Duration(string key) => Text(key) switch
    {
        null or "" => null,
        var text when GoDuration.TryParse(text, out var duration) => duration,
        var text => throw Fault(key, Find(key)!, $"must be a duration such as 5s or 200ms, and is '{text}'"),
    };

    public YamlMap? Map(string key) => Find(key) switch
    {
        null => null,
        YamlScalarNode scalar when IsNull(scalar) => null,
        YamlMappingNode map => new YamlMap(map, _file, Join(key)),
        var other => throw Fault(key, other, "must be a mapping"),
    };

    public IReadOnlyList<string> Texts(string key) =>
    [
        .. Items(key).Select(item => item is YamlScalarNode scalar ? scalar.Value ?? "" : throw Fault(key, item, "must be a list of texts")),
    ];

    public IReadOnlyList<YamlMap> Maps(string key) =>
    [
        .. Items(key).Select((item, index) => item is YamlMappingNode map
            ? new YamlMap(map, _file, $"{Join(key)}[{index.ToString(CultureInfo.InvariantCulture)}]")
            : throw Fault(key, item, "must be a list of mappings")),
    ];

    /// <summary>The text of a scalar of any form, or the JSON of a mapping or list; as Component metadata takes values.</summary>
    public string? Any(string key) => Find(key) is { } node ? YamlValue.Text(node) : null;

    /// <summary>The mapping as JSON.</summary>
    public string Json() => YamlValue.Text(_node);

    /// <summary>A fault at a key of this mapping.</summary>
    public SidecarException Fault(string key, string problem) => Fault(key, Find(key) ?? _node, problem);

    private static bool IsNull(YamlScalarNode scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null" or "Null" or "NULL";

    private IEnumerable<YamlNode> Items(string key) => Find(key) switch
    {
        null => [],
        YamlScalarNode scalar when IsNull(scalar) => [],
        YamlSequenceNode sequence => sequence.Children,
        var other => throw Fault(key, other, "must be a list"),
    };

    private YamlNode? Find(string key) => _node.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode name && name.Value == key).Value;

    private ResourceFormException Fault(string key, YamlNode node, string problem) =>
        new($"{_file}:{node.Start.Line.ToString(CultureInfo.InvariantCulture)}: {Join(key)} {problem}.");

    private string Join(string key) => _path.Length == 0 ? key : $"{_path}.{key}";
}

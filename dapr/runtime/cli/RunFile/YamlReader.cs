using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HmsMesh.Cli.RunFile;

/// <summary>Reads a mapping of one YAML file field by field; every fault names file and line.</summary>
internal sealed class YamlReader(string file, YamlMappingNode mapping)
{
    private const long LargestFile = 1 << 20;

    public string Place => At(mapping);

    public static YamlReader Load(string file)
    {
        try
        {
            if (new FileInfo(file).Length > LargestFile)
                throw new MeshException($"{file} is larger than {LargestFile >> 20} MB.", ExitCode.Usage);
            using var text = new StreamReader(file);
            var stream = new YamlStream();
            stream.Load(text);
            return stream.Documents is [{ RootNode: YamlMappingNode root }]
                ? new YamlReader(file, root)
                : throw new MeshException($"{file}:1: expected one YAML mapping.", ExitCode.Usage);
        }
        catch (YamlException problem)
        {
            throw new MeshException($"{file}:{problem.Start.Line}:{problem.Start.Column}: {Plain(problem)}", ExitCode.Usage);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new MeshException($"{file} can't be read: {problem.Message}", ExitCode.Usage);
        }
    }

    /// <summary>Fails at the first field that isn't among those.</summary>
    public void Allow(IReadOnlyCollection<string> fields)
    {
        foreach (var key in mapping.Children.Keys)
        {
            if (key is not YamlScalarNode { Value: { } name } || !fields.Contains(name))
                throw Fault(key, $"unknown field '{key}'{Suggestion.For(key.ToString(), fields)}");
        }
    }

    public YamlReader? Mapping(string field) => Find(field) switch
    {
        null => null,
        YamlMappingNode inner => new YamlReader(file, inner),
        YamlScalarNode { Value: "" or "null" or "~" } => null,
        var other => throw Fault(other, $"'{field}' must be a mapping"),
    };

    public IReadOnlyList<YamlReader> Mappings(string field)
    {
        if (Find(field) is not { } node)
            return [];
        if (node is not YamlSequenceNode list)
            throw Fault(node, $"'{field}' must be a list");
        return [.. list.Select(item => item is YamlMappingNode inner ? new YamlReader(file, inner) : throw Fault(item, $"'{field}' must hold mappings"))];
    }

    public IReadOnlyList<string>? Texts(string field) => Find(field) switch
    {
        null => null,
        YamlSequenceNode list => [.. list.Select(item => Scalar(item, field))],
        var other => throw Fault(other, $"'{field}' must be a list"),
    };

    public string? Text(string field) => Find(field) is { } node ? Scalar(node, field) : null;

    public int? Number(string field)
    {
        if (Find(field) is not { } node)
            return null;
        return int.TryParse(Scalar(node, field), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Fault(node, $"'{field}' must be a whole number");
    }

    public bool? Truth(string field) => Find(field) is not { } node ? null : Scalar(node, field) switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => throw Fault(node, $"'{field}' must be true or false"),
    };

    public IReadOnlyDictionary<string, string> TextMap() =>
        mapping.Children.ToDictionary(pair => Scalar(pair.Key, "a name"), pair => Scalar(pair.Value, pair.Key.ToString()));

    public string Required(string field) =>
        Text(field) is { Length: > 0 } text ? text : throw Fault(mapping, $"'{field}' is missing");

    public MeshException Fault(string problem) => Fault(mapping, problem);

    private MeshException Fault(YamlNode node, string problem) => new($"{At(node)}: {problem}.", ExitCode.Usage);

    private YamlNode? Find(string field) => mapping.Children.TryGetValue(new YamlScalarNode(field), out var node) ? node : null;

    private string Scalar(YamlNode node, string field) =>
        node is YamlScalarNode scalar ? scalar.Value ?? "" : throw Fault(node, $"'{field}' must be a single value");

    private string At(YamlNode node) => $"{file}:{node.Start.Line}";

    /// <summary>The parser's message without its own idea of the place.</summary>
    private static string Plain(YamlException problem)
    {
        var message = (problem.InnerException ?? problem).Message;
        var place = message.IndexOf("): ", StringComparison.Ordinal);
        return place >= 0 && message.StartsWith('(') ? message[(place + 3)..] : message;
    }
}

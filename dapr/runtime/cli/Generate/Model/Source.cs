using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HmsMesh.Cli.Generate.Model;

/// <summary>A value in a YAML or JSON file that knows where it stands.</summary>
internal sealed class Source(string file, YamlNode node, string pointer)
{
    public const int MaxBytes = 1024 * 1024;

    public string File { get; } = file;

    public string Pointer { get; } = pointer;

    public int Line => (int)node.Start.Line;

    public string? Text => (node as YamlScalarNode)?.Value;

    public bool IsText => node is YamlScalarNode { Style: ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted } ||
        (node is YamlScalarNode { Value: { } value } && !Yaml.YamlScalar.MeansSomethingElse(value));

    public bool IsMap => node is YamlMappingNode;

    public bool IsList => node is YamlSequenceNode;

    public IEnumerable<(string Key, Source Value)> Entries => node is YamlMappingNode map
        ? map.Children.Select(pair => (KeyOf(pair.Key), At(KeyOf(pair.Key), pair.Value)))
        : [];

    public IEnumerable<Source> Items => node is YamlSequenceNode list
        ? list.Children.Select((item, index) => new Source(File, item, $"{Pointer}/{index}"))
        : [];

    public Source? this[string key] => node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var value)
        ? At(key, value)
        : null;

    public Problem Fault(string message, string remedy) => new(File, Line, Pointer, message, remedy);

    /// <summary>The value at a JSON pointer below this one; null where there is none.</summary>
    public Source? Find(string jsonPointer)
    {
        var at = this;
        foreach (var step in jsonPointer.Split('/').Skip(1))
        {
            var key = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            at = at.IsList ? at.Items.ElementAtOrDefault(int.TryParse(key, out var index) && index >= 0 ? index : int.MaxValue) : at[key];
            if (at is null)
                return null;
        }

        return at;
    }

    /// <summary>Reads a file of one document. A broken one is a problem, told by its line.</summary>
    public static Source? Read(string root, string file, ICollection<Problem> problems)
    {
        var path = Path.Combine(root, file);
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                problems.Add(new Problem(file, 1, "", $"is larger than {MaxBytes / 1024} KiB", "make it smaller"));
                return null;
            }

            using var reader = System.IO.File.OpenText(path);
            var stream = new YamlStream();
            stream.Load(reader);
            if (stream.Documents is [{ RootNode: YamlMappingNode root1 }])
                return new Source(file, root1, "");
            problems.Add(new Problem(file, 1, "", "holds no map, or more than one document", "write one map of keys"));
        }
        catch (YamlException broken)
        {
            problems.Add(new Problem(file, (int)broken.Start.Line, "", $"is not YAML: {(broken.InnerException ?? broken).Message}", "mend it at this line"));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem(file, 1, "", $"cannot be read: {unreadable.Message}", "look at its permissions"));
        }

        return null;
    }

    private static string KeyOf(YamlNode key) => (key as YamlScalarNode)?.Value ?? key.ToString();

    private Source At(string key, YamlNode value) =>
        new(File, value, $"{Pointer}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}");
}

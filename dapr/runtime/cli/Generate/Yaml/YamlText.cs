using System.Globalization;
using System.Text;

namespace HmsMesh.Cli.Generate.Yaml;

/// <summary>Writes YAML: two spaces a level, one entry a line, nothing folded, so that a change shows as the line it is.</summary>
internal static class YamlText
{
    /// <param name="comment">Lines that say what the file is, the first one by whom it was made.</param>
    public static string Write(IEnumerable<string> comment, params IEnumerable<YamlMap> documents)
    {
        var text = new StringBuilder();
        foreach (var line in comment)
            text.Append("# ").Append(line).Append('\n');
        var first = true;
        foreach (var document in documents)
        {
            // No separator before the first: Dapr's readers take what stands before it for a document.
            if (!first)
                text.Append("---\n");
            first = false;
            Map(text, document, 0, indented: false);
        }

        return text.ToString();
    }

    private static void Map(StringBuilder text, YamlMap map, int level, bool indented)
    {
        foreach (var (key, value) in map)
        {
            if (!indented)
                text.Append(' ', level * 2);
            indented = false;
            text.Append(YamlScalar.Write(key)).Append(':');
            Value(text, value, level + 1);
        }
    }

    private static void Value(StringBuilder text, object value, int level)
    {
        switch (value)
        {
            case YamlMap { Count: 0 }:
                text.Append(" {}\n");
                break;
            case YamlMap map:
                text.Append('\n');
                Map(text, map, level, indented: false);
                break;
            case string or bool or int:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
            case IEnumerable<object> items when !items.Any():
                text.Append(" []\n");
                break;
            case IEnumerable<object> items:
                text.Append('\n');
                List(text, items, level);
                break;
            default:
                throw new ArgumentException($"YAML of {value.GetType()} is not written here", nameof(value));
        }
    }

    private static void List(StringBuilder text, IEnumerable<object> items, int level)
    {
        foreach (var item in items)
        {
            text.Append(' ', level * 2).Append("- ");
            if (item is YamlMap { Count: > 0 } map)
                Map(text, map, level + 1, indented: true);
            else
                text.Append(Scalar(item)).Append('\n');
        }
    }

    private static string Scalar(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        int number => number.ToString(CultureInfo.InvariantCulture),
        string text => YamlScalar.Write(text),
        _ => throw new ArgumentException($"YAML of {value.GetType()} is not written here", nameof(value)),
    };
}

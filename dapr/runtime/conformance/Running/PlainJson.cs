using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HmsMesh.Conformance.Running;

/// <summary>
/// JSON text in one fixed form: a blank behind commas and colons, ASCII only. The recordings were made with bodies in this form, and where a body
/// travels as bytes, such as in base64, its form is seen again.
/// </summary>
internal static class PlainJson
{
    public static string Write(JsonElement value) => Write(JsonNode.Parse(value.GetRawText()), sorted: false);

    public static string Write(JsonNode? value, bool sorted)
    {
        var text = new StringBuilder();
        Write(text, value, sorted);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? value, bool sorted)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                text.Append('{');
                var first = true;
                foreach (var (name, member) in sorted ? members.OrderBy(m => m.Key, StringComparer.Ordinal) : members.AsEnumerable())
                {
                    if (!first) text.Append(", ");
                    first = false;
                    Quote(text, name);
                    text.Append(": ");
                    Write(text, member, sorted);
                }

                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                for (var i = 0; i < items.Count; i++)
                {
                    if (i > 0) text.Append(", ");
                    Write(text, items[i], sorted);
                }

                text.Append(']');
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                Quote(text, scalar.GetValue<string>());
                break;
            default:
                text.Append(value.ToJsonString());
                break;
        }
    }

    private static void Quote(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' or > '~' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}

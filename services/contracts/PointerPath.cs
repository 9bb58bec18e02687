using System.Text.Json;

namespace HmsMesh.Contracts;

/// <summary>Makes a JSON pointer of the validator's path (#/lines[0].sku). The path doesn't quote names that hold a dot or a bracket,
/// so it is read beside the payload: the longest name that the payload has is the one that is meant.</summary>
internal static class PointerPath
{
    public static string Resolve(string? path, JsonElement data)
    {
        var rest = path is null ? "" : path.StartsWith("#/", StringComparison.Ordinal) ? path[2..] : path.TrimStart('#');
        return Walk(rest, data) ?? "/" + Escape(rest);
    }

    private static string? Walk(string rest, JsonElement at)
    {
        if (rest.Length == 0)
        {
            return "";
        }

        if (rest[0] == '.')
        {
            return Walk(rest[1..], at);
        }

        if (at.ValueKind == JsonValueKind.Array && rest[0] == '[' && rest.IndexOf(']', StringComparison.Ordinal) is > 0 and var end
            && int.TryParse(rest.AsSpan(1, end - 1), out var index) && index < at.GetArrayLength())
        {
            return Walk(rest[(end + 1)..], at[index]) is { } inner ? $"/{index}{inner}" : null;
        }

        if (at.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var property in at.EnumerateObject().OrderByDescending(p => p.Name.Length))
        {
            if (rest.StartsWith(property.Name, StringComparison.Ordinal)
                && (rest.Length == property.Name.Length || rest[property.Name.Length] is '.' or '[')
                && Walk(rest[property.Name.Length..], property.Value) is { } inner)
            {
                return "/" + Escape(property.Name) + inner;
            }
        }

        // A name that the payload lacks: a required one.
        return "/" + Escape(rest);
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace HmsMesh.Conformance.Comparing;

/// <summary>Where a result differs from what is recorded. Of a body with an errorCode the code is compared, and that a message is there.</summary>
internal static class Differences
{
    private const int Shown = 200;

    public static IEnumerable<string> Between(JsonNode? want, JsonNode? got, string path) => (want, got) switch
    {
        (JsonObject a, JsonObject b) => OfObjects(a, b, path),
        (JsonArray a, JsonArray b) => OfArrays(a, b, path),
        _ => Same(want, got) ? [] : [$"{path}: {Text(got)}, recorded {Text(want)}"],
    };

    private static IEnumerable<string> OfObjects(JsonObject want, JsonObject got, string path)
    {
        var isError = want.ContainsKey("errorCode");
        foreach (var key in want.Select(m => m.Key).Union(got.Select(m => m.Key)).Order(StringComparer.Ordinal))
        {
            if (isError && key != "errorCode")
            {
                if (key == "message" && want.ContainsKey(key) && !IsThere(got[key])) yield return $"{path}.{key}: missing";
            }
            else if (!got.ContainsKey(key))
            {
                yield return $"{path}.{key}: missing, recorded {Text(want[key])}";
            }
            else if (!want.ContainsKey(key))
            {
                yield return $"{path}.{key}: not recorded, got {Text(got[key])}";
            }
            else
            {
                foreach (var difference in Between(want[key], got[key], $"{path}.{key}")) yield return difference;
            }
        }
    }

    private static IEnumerable<string> OfArrays(JsonArray want, JsonArray got, string path)
    {
        if (want.Count != got.Count) yield return $"{path}: {got.Count} items, recorded {want.Count}";
        for (var i = 0; i < Math.Min(want.Count, got.Count); i++)
        {
            foreach (var difference in Between(want[i], got[i], $"{path}[{i}]")) yield return difference;
        }
    }

    private static bool IsThere(JsonNode? value) => value is not null && value.ToJsonString() is not ("\"\"" or "0" or "false" or "[]" or "{}");

    private static bool Same(JsonNode? a, JsonNode? b)
    {
        var kind = Kind(a);
        if (kind != Kind(b)) return false;
        return kind switch
        {
            JsonValueKind.String => a!.GetValue<string>() == b!.GetValue<string>(),
            JsonValueKind.Number => Number(a!).CompareTo(Number(b!)) == 0,
            _ => true,
        };
    }

    private static double Number(JsonNode value) => double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    private static JsonValueKind Kind(JsonNode? value) => value?.GetValueKind() ?? JsonValueKind.Null;

    private static string Text(JsonNode? value)
    {
        var text = value?.ToJsonString() ?? "null";
        return text.Length > Shown ? text[..Shown] : text;
    }
}

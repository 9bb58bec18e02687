using System.Text.Json;

namespace HmsMesh.Cli.Generate.Lints;

/// <summary>On which line each value of a JSON text stands, by JSON pointer.</summary>
internal static class JsonPlaces
{
    public static IReadOnlyDictionary<string, int> Read(ReadOnlySpan<byte> json)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json);
        if (reader.Read())
            Value(ref reader, json, "", places);
        return places;
    }

    private static void Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string pointer, Dictionary<string, int> places)
    {
        places[pointer] = LineAt(json, reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var child = $"{pointer}/{Escape(reader.GetString()!)}";
                    reader.Read();
                    Value(ref reader, json, child, places);
                }

                break;
            case JsonTokenType.StartArray:
                var index = 0;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    Value(ref reader, json, $"{pointer}/{index++}", places);
                break;
            default:
                break;
        }
    }

    public static string Escape(string key) => key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static int LineAt(ReadOnlySpan<byte> json, long index) => json[..(int)index].Count((byte)'\n') + 1;
}

using System.Text.Json;

namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>Reads the body of a bulk publish: an array of {entryId, event, contentType, metadata}, names in any case.</summary>
internal static class BulkEntryReader
{
    private const int MaxDepth = 10_000;

    public static bool TryRead(ReadOnlyMemory<byte> body, out List<BulkEntry> entries, out string? problem)
    {
        entries = [];
        var data = Utf8Text.Valid(body);
        var reader = new Utf8JsonReader(data.Span, new() { MaxDepth = MaxDepth, AllowMultipleValues = true });
        try
        {
            if (!reader.Read())
            {
                problem = "EOF";
                return false;
            }

            if (reader.TokenType == JsonTokenType.Null)
            {
                problem = null;
                return true;
            }

            Expect(ref reader, JsonTokenType.StartArray, "the body");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Expect(ref reader, JsonTokenType.StartObject, "an entry");
                entries.Add(Entry(ref reader, data));
            }

            problem = null;
            return true;
        }
        catch (JsonException e)
        {
            problem = $"json: {e.Message}";
            return false;
        }
        catch (InvalidOperationException)
        {
            // Told only when a text is decoded: an escape in it is half a surrogate pair.
            problem = "json: a name or a text is not Unicode";
            return false;
        }
    }

    private static BulkEntry Entry(ref Utf8JsonReader reader, ReadOnlyMemory<byte> data)
    {
        var (id, type, text, raw) = ("", "", (string?)null, "null"u8.ToArray().AsMemory());
        var @event = (ReadOnlyMemory<byte>)raw;
        Dictionary<string, string>? metadata = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!.ToUpperInvariant();
            reader.Read();
            switch (name)
            {
                case "ENTRYID":
                    id = Text(ref reader, "entryId");
                    break;
                case "CONTENTTYPE":
                    type = Text(ref reader, "contentType");
                    break;
                case "METADATA":
                    metadata = Metadata(ref reader);
                    break;
                case "EVENT":
                    text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    @event = data[start..(int)reader.BytesConsumed];
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new(id, @event, text, type, metadata);
    }

    private static Dictionary<string, string>? Metadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        Expect(ref reader, JsonTokenType.StartObject, "metadata");
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            metadata[name] = Text(ref reader, $"metadata.{name}");
        }

        return metadata;
    }

    private static string Text(ref Utf8JsonReader reader, string what)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return "";
        }

        Expect(ref reader, JsonTokenType.String, what);
        return reader.GetString()!;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (reader.TokenType != type)
        {
            throw new JsonException($"{what} must be {Name(type)} and is {Name(reader.TokenType)}");
        }
    }

    private static string Name(JsonTokenType type) => type switch
    {
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => type.ToString(),
    };
}

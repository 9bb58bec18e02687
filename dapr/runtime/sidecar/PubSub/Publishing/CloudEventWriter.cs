using System.Text.Json;

namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>Passes a ready CloudEvent on: its own fields stay, what daprd adds is added, and an id that isn't there isn't made.</summary>
internal static class CloudEventWriter
{
    private const int MaxDepth = 10_000;

    public static bool TryWrite(in EnvelopeRequest request, DateTimeOffset? expires, out Envelope envelope, out string? problem)
    {
        envelope = default;
        var data = Utf8Text.Valid(request.Data).Span;
        var fields = new List<CloudEventField>(16);
        try
        {
            if (!TryRead(data, fields, out problem))
            {
                return false;
            }
        }
        catch (JsonException e)
        {
            problem = e.Message;
            return false;
        }
        catch (InvalidOperationException)
        {
            // Told only when a text is decoded: an escape in it is half a surrogate pair.
            problem = "a name or a text in it is not Unicode";
            return false;
        }

        envelope = Write(request, data, fields, expires);
        return true;
    }

    /// <summary>The object's fields by their places; of one that is there twice, the last.</summary>
    private static bool TryRead(ReadOnlySpan<byte> data, List<CloudEventField> fields, out string? problem)
    {
        var reader = new Utf8JsonReader(data, new() { MaxDepth = MaxDepth, AllowMultipleValues = true });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            problem = $"a CloudEvent must be a JSON object, and this is {Kind(reader.TokenType)}";
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var text = reader.TokenType == JsonTokenType.String && CloudEventField.IsKnown(name) ? reader.GetString() : null;
            var isNull = reader.TokenType == JsonTokenType.Null;
            reader.Skip();
            var field = new CloudEventField(name, start, (int)reader.BytesConsumed - start, text, isNull);
            var before = fields.FindIndex(other => other.Name == name);
            if (before < 0)
            {
                fields.Add(field);
            }
            else
            {
                fields[before] = field;
            }
        }

        problem = null;
        return true;
    }

    private static Envelope Write(in EnvelopeRequest request, ReadOnlySpan<byte> data, List<CloudEventField> fields, DateTimeOffset? expires)
    {
        var traced = Has(fields, "traceid");
        var buffer = JsonBuffer.Take();
        var json = buffer.Writer;
        json.WriteStartObject();
        foreach (var field in fields)
        {
            var replaced = field.Name switch
            {
                "topic" or "pubsubname" => true,
                "traceparent" => !traced,
                "expiration" => expires is not null,
                "source" or "type" or "specversion" => field.IsNull,
                _ => false,
            };
            if (!replaced)
            {
                json.WritePropertyName(field.Name);
                json.WriteRawValue(data.Slice(field.Start, field.Length), skipInputValidation: true);
            }
        }

        if (expires is { } end)
        {
            json.WriteString("expiration"u8, EnvelopeWriter.Time(end));
        }

        if (!Has(fields, "time"))
        {
            json.WriteString("time"u8, EnvelopeWriter.Time(request.Now));
        }

        if (!traced)
        {
            json.WriteString("traceid"u8, request.TraceParent);
            json.WriteString("traceparent"u8, request.TraceParent);
        }

        if (!Has(fields, "tracestate"))
        {
            json.WriteString("tracestate"u8, request.TraceState);
        }

        var source = Find(fields, "source");
        WriteMissing(json, source, "source", EnvelopeWriter.DefaultSource);
        WriteMissing(json, Find(fields, "type"), "type", EnvelopeWriter.DefaultType);
        WriteMissing(json, Find(fields, "specversion"), "specversion", "1.0");
        json.WriteString("topic"u8, request.Topic);
        json.WriteString("pubsubname"u8, request.PubSub);
        json.WriteEndObject();
        return new(
            buffer.Copy(),
            source is { IsNull: false } ? source.Value.Text : EnvelopeWriter.DefaultSource,
            Find(fields, "id")?.Text,
            Find(fields, "subject")?.Text,
            expires);
    }

    private static void WriteMissing(Utf8JsonWriter json, CloudEventField? field, string name, string value)
    {
        if (field is null or { IsNull: true })
        {
            json.WriteString(name, value);
        }
    }

    private static bool Has(List<CloudEventField> fields, string name) => Find(fields, name) is not null;

    private static CloudEventField? Find(List<CloudEventField> fields, string name)
    {
        foreach (var field in fields)
        {
            if (field.Name == name)
            {
                return field;
            }
        }

        return null;
    }

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "nothing",
    };
}

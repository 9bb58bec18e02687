using System.Text.Json;
using HmsMesh.Broker;

namespace HmsMesh.Sidecar.PubSub.Contracts;

/// <summary>The data of an event that a subscriber gets: that of its envelope, or the whole of a raw payload that is none.</summary>
internal static class EventData
{
    private const int MaxDepth = 10_000;

    /// <summary>False with a problem where an envelope has no data that all its readers agree on.</summary>
    public static bool TryRead(OutgoingEvent outgoing, out ReadOnlyMemory<byte> data, out string? problem)
    {
        problem = null;
        data = outgoing.Data;
        EnvelopeFields fields;
        var isRaw = IsRaw(outgoing);
        try
        {
            fields = Fields(outgoing.Data);
        }
        catch (Exception e) when (isRaw && e is JsonException or InvalidOperationException)
        {
            // No JSON at all: the contract's check says so.
            return true;
        }

        if (isRaw && !fields.IsEnvelope)
        {
            return true;
        }

        if (fields.Base64 is null)
        {
            data = fields.Data ?? default;
            problem = fields.Data is null ? "the event has no data" : null;
            return problem is null;
        }

        // One reader would take the one, and another the other.
        problem = fields.Data is null ? null : "the event has both data and data_base64, and may have one of them only";
        return problem is null && TryDecode(fields.Base64.Value, out data, out problem);
    }

    private static bool IsRaw(OutgoingEvent outgoing) =>
        outgoing.ContentType is null || !ContentTypes.IsCloudEvent(outgoing.ContentType)
        || (outgoing.Metadata is { } metadata && PublishMetadata.TryRaw(metadata, out var raw, out _) && raw);

    private static bool TryDecode(ReadOnlyMemory<byte> text, out ReadOnlyMemory<byte> data, out string? problem)
    {
        var reader = new Utf8JsonReader(text.Span);
        if (reader.Read() && reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var bytes))
        {
            (data, problem) = (bytes, null);
            return true;
        }

        (data, problem) = (default, "the event's data_base64 is not base64");
        return false;
    }

    /// <summary>Of each field the last of its name, as it is written.</summary>
    private static EnvelopeFields Fields(ReadOnlyMemory<byte> json)
    {
        var fields = default(EnvelopeFields);
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return fields;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isData, isBase64) = (reader.ValueTextEquals("data"u8), reader.ValueTextEquals("data_base64"u8));
            var attribute = reader.ValueTextEquals("specversion"u8) ? EnvelopeAttributes.SpecVersion
                : reader.ValueTextEquals("id"u8) ? EnvelopeAttributes.Id
                : reader.ValueTextEquals("source"u8) ? EnvelopeAttributes.Source
                : reader.ValueTextEquals("type"u8) ? EnvelopeAttributes.Type
                : EnvelopeAttributes.None;
            reader.Read();
            var token = reader.TokenType;
            fields.Texts = token == JsonTokenType.String ? fields.Texts | attribute : fields.Texts & ~attribute;
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            ReadOnlyMemory<byte>? value = json[start..(int)reader.BytesConsumed];
            if (isData)
            {
                fields.Data = value;
            }
            else if (isBase64)
            {
                fields.Base64 = token == JsonTokenType.Null ? default : value;
            }
        }

        return fields;
    }

    [Flags]
    private enum EnvelopeAttributes
    {
        None = 0,
        SpecVersion = 1,
        Id = 2,
        Source = 4,
        Type = 8,
        All = SpecVersion | Id | Source | Type,
    }

    private struct EnvelopeFields
    {
        /// <summary>What of the four that every CloudEvent has is there as a text.</summary>
        public EnvelopeAttributes Texts;
        public ReadOnlyMemory<byte>? Data;

        /// <summary>Null as well where it is written as null, which is none.</summary>
        public ReadOnlyMemory<byte>? Base64;

        public readonly bool IsEnvelope => Texts == EnvelopeAttributes.All;
    }
}

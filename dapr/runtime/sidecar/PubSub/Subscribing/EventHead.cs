using System.Globalization;
using System.Text.Json;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>What a delivery needs to know of an event before the app gets it.</summary>
/// <param name="Trace">Its traceparent, else its traceid; null where it has neither as a text.</param>
internal readonly record struct EventHead(string? Id, string? Trace, DateTimeOffset? Expiration)
{
    private const int MaxDepth = 10_000;

    /// <summary>Reads it in one pass. False with a problem where the event is no JSON object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out EventHead head, out string? problem)
    {
        head = default;
        string? id = null, traceParent = null, traceId = null, expiration = null;
        var reader = new Utf8JsonReader(data, new() { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
            {
                problem = "the event is no JSON object";
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var field = Field(ref reader);
                reader.Read();
                var text = field != Known.Other && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                reader.Skip();
                switch (field)
                {
                    case Known.Id:
                        id = text;
                        break;
                    case Known.TraceParent:
                        traceParent = text;
                        break;
                    case Known.TraceId:
                        traceId = text;
                        break;
                    case Known.Expiration:
                        expiration = text;
                        break;
                }
            }

            // Read to the end: what follows the object makes it no JSON.
            var more = true;
            while (more)
            {
                more = reader.Read();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            problem = $"the event is no JSON: {e.Message}";
            return false;
        }

        head = new(id, traceParent ?? traceId, Time(expiration));
        problem = null;
        return true;
    }

    private static Known Field(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("id"u8) ? Known.Id
        : reader.ValueTextEquals("traceparent"u8) ? Known.TraceParent
        : reader.ValueTextEquals("traceid"u8) ? Known.TraceId
        : reader.ValueTextEquals("expiration"u8) ? Known.Expiration
        : Known.Other;

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private enum Known
    {
        Other,
        Id,
        TraceParent,
        TraceId,
        Expiration,
    }
}

using System.Globalization;
using System.Text.Json;

namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>Wraps what an app publishes into a CloudEvent, as daprd does.</summary>
internal static class EnvelopeWriter
{
    public const string DefaultSource = "Dapr";
    public const string DefaultType = "com.dapr.event.sent";
    private const int MaxDepth = 10_000;

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Makes the envelope. False with a problem where the body claims to be a CloudEvent and isn't.</summary>
    public static bool TryWrite(in EnvelopeRequest request, out Envelope envelope, out string? problem)
    {
        var expires = PublishMetadata.TimeToLive(request.Metadata) is { } life ? request.Now + life : (DateTimeOffset?)null;
        if (ContentTypes.IsCloudEvent(request.ContentType))
        {
            return CloudEventWriter.TryWrite(request, expires, out envelope, out problem);
        }

        problem = null;
        envelope = Wrap(request, expires);
        return true;
    }

    private static Envelope Wrap(in EnvelopeRequest request, DateTimeOffset? expires)
    {
        var overrides = EnvelopeOverrides.Read(request.Metadata);
        var id = overrides.Id.Length > 0 ? overrides.Id : Guid.NewGuid().ToString("D");
        var source = overrides.Source ?? request.Source;
        source = source.Length > 0 ? source : DefaultSource;
        var trace = overrides.TraceParent ?? overrides.TraceId ?? request.TraceParent;

        var buffer = JsonBuffer.Take();
        var json = buffer.Writer;
        json.WriteStartObject();
        WriteData(json, request);
        json.WriteString("datacontenttype"u8, request.ContentType.Length > 0 ? request.ContentType : ContentTypes.Text);
        if (expires is { } end)
        {
            json.WriteString("expiration"u8, Time(end));
        }

        json.WriteString("id"u8, id);
        json.WriteString("pubsubname"u8, request.PubSub);
        json.WriteString("source"u8, source);
        json.WriteString("specversion"u8, "1.0"u8);
        if (overrides.Subject.Length > 0)
        {
            json.WriteString("subject"u8, overrides.Subject);
        }

        json.WriteString("time"u8, Time(request.Now));
        json.WriteString("topic"u8, request.Topic);
        json.WriteString("traceid"u8, trace);
        json.WriteString("traceparent"u8, trace);
        json.WriteString("tracestate"u8, overrides.TraceState ?? request.TraceState);
        json.WriteString("type"u8, overrides.Type.Length > 0 ? overrides.Type : DefaultType);
        json.WriteEndObject();
        return new(buffer.Copy(), source, id, overrides.Subject.Length > 0 ? overrides.Subject : null, expires);
    }

    /// <summary>Writes data, or data_base64, as its content type has it.</summary>
    public static void WriteData(Utf8JsonWriter json, in EnvelopeRequest request)
    {
        if (ContentTypes.IsBinary(request.ContentType))
        {
            json.WriteBase64String("data_base64"u8, request.Data.Span);
            return;
        }

        json.WritePropertyName("data"u8);
        var data = Utf8Text.Valid(request.Data).Span;
        if (ContentTypes.IsJson(request.ContentType) && TryFirstValue(data, out var value))
        {
            json.WriteRawValue(value, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(data);
        }
    }

    /// <summary>The first JSON value of a text. What follows it doesn't count, as in Go; what is no JSON is published as a text.</summary>
    private static bool TryFirstValue(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> value)
    {
        value = default;
        var reader = new Utf8JsonReader(data, new() { MaxDepth = MaxDepth, AllowMultipleValues = true });
        try
        {
            if (!reader.Read())
            {
                return false;
            }

            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            value = data[start..(int)reader.BytesConsumed];
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HmsMesh.Contracts;

/// <summary>Reads and writes whole CloudEvents as JSON.</summary>
public static class CloudEventJson
{
    // Letters of all languages as they are, as nothing here is put into HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>Strict: specversion 1.0, the required attributes present and not empty, attributes of the right kind.</summary>
    public static CloudEventReading Read(ReadOnlyMemory<byte> text)
    {
        if (StrictJson.Parse(text, ContractLimits.EnvelopeBytes, out var root) is { } fault)
        {
            return new CloudEventReading(null, fault);
        }

        try
        {
            return root.ValueKind == JsonValueKind.Object ? new Attributes(root).ReadAll() : new CloudEventReading(null, new ContractFault("", "a CloudEvent is an object"));
        }
        catch (InvalidOperationException)
        {
            return new CloudEventReading(null, StrictJson.NoText);
        }
    }

    public static byte[] Write(CloudEvent cloudEvent)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            Write(cloudEvent, writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static void Write(CloudEvent cloudEvent, Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("specversion", "1.0");
        writer.WriteString("id", cloudEvent.Id);
        writer.WriteString("source", cloudEvent.Source);
        writer.WriteString("type", cloudEvent.Type);
        Optional(writer, "subject", cloudEvent.Subject);
        Optional(writer, "time", cloudEvent.Time?.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture));
        Optional(writer, "datacontenttype", cloudEvent.DataContentType);
        Optional(writer, "topic", cloudEvent.Topic);
        Optional(writer, "pubsubname", cloudEvent.PubsubName);
        Optional(writer, "traceparent", cloudEvent.TraceParent);
        Optional(writer, "tracestate", cloudEvent.TraceState);
        Optional(writer, "correlationid", cloudEvent.CorrelationId);
        Optional(writer, "causationid", cloudEvent.CausationId);
        Optional(writer, "sequence", cloudEvent.Sequence);
        foreach (var (name, value) in cloudEvent.Extensions)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        if (cloudEvent.Data.ValueKind != JsonValueKind.Undefined)
        {
            writer.WritePropertyName("data");
            cloudEvent.Data.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private sealed class Attributes(JsonElement root)
    {
        private readonly Dictionary<string, JsonElement> _extensions = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
        private JsonElement _data;
        private DateTimeOffset? _time;

        public CloudEventReading ReadAll()
        {
            foreach (var property in root.EnumerateObject())
            {
                if (Take(property) is { } fault)
                {
                    return new CloudEventReading(null, fault);
                }
            }

            if (Text("specversion") != "1.0")
            {
                return new CloudEventReading(null, new ContractFault("/specversion", "must be 1.0"));
            }

            foreach (var required in (ReadOnlySpan<string>)["id", "source", "type"])
            {
                if (string.IsNullOrEmpty(Text(required)))
                {
                    return new CloudEventReading(null, new ContractFault($"/{required}", "is required"));
                }
            }

            return new CloudEventReading(Build(), null);
        }

        private ContractFault? Take(JsonProperty property)
        {
            switch (property.Name)
            {
                case "data":
                    _data = property.Value;
                    return null;
                case "time":
                    if (property.Value.ValueKind == JsonValueKind.String && property.Value.TryGetDateTimeOffset(out var time))
                    {
                        _time = time;
                        return null;
                    }

                    return new ContractFault("/time", "must be an RFC 3339 time");
                case "specversion" or "id" or "source" or "type" or "subject" or "datacontenttype" or "topic" or "pubsubname" or "traceparent" or "tracestate"
                    or "correlationid" or "causationid" or "sequence":
                    if (property.Value.ValueKind == JsonValueKind.String)
                    {
                        return Take(property.Name, property.Value.GetString()!);
                    }

                    return new ContractFault($"/{property.Name}", "must be a string");
                default:
                    _extensions[property.Name] = property.Value;
                    return null;
            }
        }

        private ContractFault? Take(string name, string text)
        {
            if (ContractLimits.FaultOfAttribute(text) is not { } reason)
            {
                _texts[name] = text;
                return null;
            }

            // What only tracing needs is no reason to refuse an event.
            return name is "traceparent" or "tracestate" ? null : new ContractFault($"/{name}", reason);
        }

        private string? Text(string name) => _texts.GetValueOrDefault(name);

        private string? Filled(string name) => Text(name) is { Length: > 0 } text ? text : null;

        private CloudEvent Build() => new()
        {
            Id = _texts["id"],
            Source = _texts["source"],
            Type = _texts["type"],
            Subject = Filled("subject"),
            Time = _time,
            DataContentType = Filled("datacontenttype"),
            Topic = Filled("topic"),
            PubsubName = Filled("pubsubname"),
            TraceParent = Filled("traceparent"),
            TraceState = Filled("tracestate"),
            CorrelationId = Filled("correlationid"),
            CausationId = Filled("causationid"),
            Sequence = Filled("sequence"),
            Data = _data,
            Extensions = _extensions,
        };
    }
}

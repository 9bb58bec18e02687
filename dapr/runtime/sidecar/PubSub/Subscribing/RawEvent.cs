using HmsMesh.Sidecar.PubSub.Publishing;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>The CloudEvent that a rawPayload subscription makes of bytes whose form nobody told.</summary>
internal static class RawEvent
{
    public static byte[] Wrap(ReadOnlySpan<byte> data, string pubSub, string topic, IReadOnlyDictionary<string, string> metadata, out string id)
    {
        id = Guid.NewGuid().ToString("D");
        var buffer = JsonBuffer.Take();
        var json = buffer.Writer;
        json.WriteStartObject();
        json.WriteBase64String("data_base64"u8, data);
        json.WriteString("datacontenttype"u8, ContentTypes.Binary);
        json.WriteString("id"u8, id);
        json.WriteString("pubsubname"u8, pubSub);
        json.WriteString("source"u8, EnvelopeWriter.DefaultSource);
        json.WriteString("specversion"u8, "1.0"u8);
        json.WriteString("topic"u8, topic);
        metadata.TryGetValue("traceparent", out var traceParent);
        if (traceParent is not null)
        {
            json.WriteString("traceparent"u8, traceParent);
        }

        if (traceParent is not null || metadata.TryGetValue("traceid", out traceParent))
        {
            json.WriteString("traceid"u8, traceParent);
        }

        if (metadata.TryGetValue("tracestate", out var traceState))
        {
            json.WriteString("tracestate"u8, traceState);
        }

        json.WriteString("type"u8, EnvelopeWriter.DefaultType);
        json.WriteEndObject();
        return buffer.Copy();
    }
}

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using HmsMesh.Sidecar.Api;

namespace HmsMesh.Sidecar.State;

/// <summary>How state is written in answers.</summary>
internal static class StateAnswers
{
    /// <summary>The body of a bulk get: key by key, those without state with the key alone.</summary>
    public static ReadOnlyMemory<byte> Bulk(IReadOnlyList<string> keys, IReadOnlyList<StateItem?> items)
    {
        var buffer = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(buffer, JsonFormat.Relaxed))
        {
            json.WriteStartArray();
            for (var at = 0; at < keys.Count; at++)
            {
                json.WriteStartObject();
                json.WriteString("key"u8, keys[at]);
                if (items[at] is { } item)
                {
                    json.WritePropertyName("data"u8);
                    json.WriteRawValue(item.Value.Span, skipInputValidation: true);
                    json.WriteString("etag"u8, item.ETag);
                    if (item.Expires is { } expires)
                    {
                        json.WriteStartObject("metadata"u8);
                        json.WriteString("ttlExpireTime"u8, Stamp(expires));
                        json.WriteEndObject();
                    }
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    public static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

using System.Text;
using System.Text.Json;
using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.PubSub;
using HmsMesh.Sidecar.PubSub.Publishing;

namespace HmsMesh.Sidecar.State.Outbox;

/// <summary>Makes the events of a transaction: one for each value that is saved, as daprd makes them. An operation with the metadata
/// <c>outbox.projection</c> is what is published of its key in the place of what is stored.</summary>
internal sealed class OutboxPlanner(SidecarRuntime runtime)
{
    private const string Projection = "outbox.projection";
    private const string ContentType = "contentType";

    public OutboxPlan Plan(ApiCall call, OutboxSettings settings, IReadOnlyList<StateOperation> operations)
    {
        var projections = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var stored = new List<StateOperation>(operations.Count);
        foreach (var operation in operations)
        {
            if (operation.Change.Value is not null && IsTruthy(Metadata(call, operation.Request).GetValueOrDefault(Projection)))
            {
                projections[operation.Change.Key] = operation.Request;
            }
            else
            {
                stored.Add(operation);
            }
        }

        var events = stored
            .Where(static operation => operation.Change.Value is not null)
            .Select(operation => Event(
                call, settings, operation.Request, projections.TryGetValue(operation.Change.Key, out var projected) ? projected : operation.Request))
            .ToList();
        return new([.. stored.Select(static operation => operation.Change)], events);
    }

    private OutboxEvent Event(ApiCall call, OutboxSettings settings, JsonElement operation, JsonElement published)
    {
        var type = Text(published, ContentType) ?? Metadata(call, published).GetValueOrDefault(ContentType) ?? "";
        var value = StateRequest.Find(published, "value") ?? default;
        var data = type.Equals(ContentTypes.Json, StringComparison.OrdinalIgnoreCase) && value.ValueKind != JsonValueKind.Undefined
            ? StateRequest.Bytes(value)
            : Encoding.UTF8.GetBytes(GoText.Of(value));
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["datacontenttype"] = type.Length > 0 ? type : ContentTypes.Text,
            ["source"] = runtime.Options.AppId,
            ["specversion"] = "1.0",
            ["time"] = EnvelopeWriter.Time(runtime.Time.GetUtcNow()),
            ["traceid"] = CallTrace.Of(call).Parent,
            ["traceparent"] = "",
            ["tracestate"] = CallTrace.Of(call).State,
            ["type"] = EnvelopeWriter.DefaultType,
        };

        // The metadata of the operation that stores: its names are the envelope's fields, but for data and id.
        foreach (var (name, text) in Metadata(call, operation))
        {
            fields[name] = text;
        }

        fields["id"] = $"outbox-{Guid.NewGuid():D}";
        fields["pubsubname"] = settings.PubSub;
        fields["topic"] = settings.Topic;
        fields.Remove("data");
        fields.Remove("data_base64");
        var envelope = new EnvelopeRequest(data, type, "", "", "", "", "", PublishMetadata.None, default);
        var subject = fields.GetValueOrDefault("subject");
        return new(
            runtime.Options.AppId, settings.PubSub, settings.Topic, fields["id"], fields["source"],
            string.IsNullOrEmpty(subject) ? Text(operation, "key") ?? "" : subject, Write(envelope, fields));
    }

    private static byte[] Write(in EnvelopeRequest envelope, SortedDictionary<string, string> fields)
    {
        var buffer = JsonBuffer.Take();
        var json = buffer.Writer;
        json.WriteStartObject();
        EnvelopeWriter.WriteData(json, envelope);
        foreach (var (name, text) in fields)
        {
            json.WriteString(name, text);
        }

        json.WriteEndObject();
        return buffer.Copy();
    }

    /// <summary>The operation's metadata, with the query's over it.</summary>
    private static Dictionary<string, string> Metadata(ApiCall call, JsonElement request)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (StateRequest.Find(request, "metadata") is { ValueKind: JsonValueKind.Object } own)
        {
            foreach (var item in own.EnumerateObject().Where(static item => item.Value.ValueKind == JsonValueKind.String))
            {
                metadata[item.Name] = item.Value.GetString()!;
            }
        }

        foreach (var (name, value) in call.Metadata)
        {
            metadata[name] = value;
        }

        return metadata;
    }

    private static string? Text(JsonElement request, string name) =>
        StateRequest.Find(request, name) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    private static bool IsTruthy(string? text) => text?.ToUpperInvariant() is "Y" or "YES" or "TRUE" or "T" or "ON" or "1";
}

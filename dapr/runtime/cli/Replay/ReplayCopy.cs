using System.Text.Json;
using System.Text.Json.Nodes;
using HmsMesh.Broker;

namespace HmsMesh.Cli.Replay;

/// <summary>An event as it is sent again: itself, or itself under a new id.</summary>
internal static class ReplayCopy
{
    public static OutgoingEvent Of(StoredEvent stored, string app, bool again)
    {
        var copy = new OutgoingEvent
        {
            PubSub = stored.PubSub,
            Topic = stored.DeadLetter?.Topic ?? stored.Topic,
            To = app,
            Data = stored.Data,
            ContentType = stored.ContentType,
            Key = stored.Key,
            Source = stored.Source,
            Id = stored.Id,
            Metadata = stored.Metadata.Count == 0 ? null : stored.Metadata,
            Publisher = stored.Publisher,
        };
        return again ? Renamed(copy, stored.Offset) : copy;
    }

    /// <summary>A handler that remembers ids does it once more; where it came from stands in `replayof`.</summary>
    private static OutgoingEvent Renamed(OutgoingEvent copy, long offset)
    {
        if (Parse(copy.Data) is not { } envelope || envelope["specversion"] is null)
            throw new MeshException($"the event at offset {offset} is no CloudEvent, so it has no id to change; send it without --again.");
        var old = envelope["id"]?.ToString() ?? copy.Id;
        var id = Guid.CreateVersion7().ToString();
        envelope["id"] = id;
        if (old is not null)
            envelope["replayof"] = old;
        return copy with { Id = id, Data = JsonSerializer.SerializeToUtf8Bytes(envelope, BrokerData.BrokerJson.Default.JsonObject) };
    }

    private static JsonObject? Parse(ReadOnlyMemory<byte> data)
    {
        try
        {
            return JsonNode.Parse(data.Span) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

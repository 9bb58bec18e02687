using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Log;

/// <summary>A record as a reader hands it out; its payload is good until the reader's next step.</summary>
internal readonly record struct LogRecord(long Offset, RecordKind Kind, ReadOnlyMemory<byte> Payload, CachedRecord? Cached, RecordPlace Place = default)
{
    /// <summary>Whether it holds an event: one of a topic, or one sent again to a consumer.</summary>
    public bool HoldsEvent => Kind is RecordKind.Event or RecordKind.Replay;

    public bool IsOf(Topic topic) => Kind == RecordKind.Event && Payload.Span.StartsWith(topic.Key);

    /// <summary>The event, with bytes of its own.</summary>
    public StoredEvent Event(Topic? topic) => Cached?.Event(topic) ?? EventCodec.Decode(Offset, Payload.ToArray(), topic, Place);
}

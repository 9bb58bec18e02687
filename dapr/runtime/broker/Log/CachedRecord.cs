using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Log;

/// <summary>A record of the log's tail in memory. The event is decoded once for all who want it.</summary>
internal sealed class CachedRecord(long offset, RecordKind kind, byte[] payload, RecordPlace place)
{
    private StoredEvent? _decoded;

    public long Offset { get; } = offset;

    public RecordKind Kind { get; } = kind;

    public byte[] Payload { get; } = payload;

    public StoredEvent Event(Topic? topic) => _decoded ??= EventCodec.Decode(Offset, Payload, topic, place);
}

namespace HmsMesh.Broker.Log;

/// <summary>The head of a record as read, not yet believed.</summary>
internal readonly record struct RecordHeader(uint Length, uint Checksum, long Offset, int Place, RecordKind Kind)
{
    public bool Plausible => Length is > 0 and <= RecordFormat.MaxPayload && Kind is >= RecordKind.Event and <= RecordKind.Lost && Place >= 0;

    public int Size => RecordFormat.Size((int)Length);
}

namespace HmsMesh.Broker.Log;

/// <summary>The newest records, so that a subscriber that keeps up reads no file. One writer, many readers, no lock.</summary>
internal sealed class TailCache
{
    private const int Slots = 4096;
    private const int MaxBytes = 8 << 20;
    private readonly CachedRecord?[] _slots = new CachedRecord?[Slots];
    private long _oldest = -1;
    private long _bytes;

    public void Add(CachedRecord record)
    {
        if (_oldest < 0)
        {
            _oldest = record.Offset;
        }

        _bytes += record.Payload.Length;
        while (_oldest < record.Offset && (_bytes > MaxBytes || record.Offset - _oldest >= Slots))
        {
            ref var slot = ref _slots[_oldest++ % Slots];
            _bytes -= slot?.Payload.Length ?? 0;
            Volatile.Write(ref slot, null);
        }

        Volatile.Write(ref _slots[record.Offset % Slots], record);
    }

    public CachedRecord? Find(long offset) =>
        Volatile.Read(ref _slots[offset % Slots]) is { } record && record.Offset == offset ? record : null;
}

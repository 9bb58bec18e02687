using HmsMesh.Broker.Log;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Writing;

/// <summary>Records that one write and one sync will cover, as bytes, and who is told of them.</summary>
internal sealed class RecordGroup
{
    public const int MaxLength = 4 << 20;
    private const int Usual = 64 << 10;
    private readonly List<GroupEntry> _entries = [];
    private byte[] _buffer = new byte[Usual];

    public List<GroupEntry> Entries => _entries;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    public void Put(
        IRecordOwner owner, int index, long offset, int place, RecordKind kind, byte[] payload, Topic? topic, UInt128? digest, long duplicateUntil)
    {
        var size = RecordFormat.Size(payload.Length);
        if (_buffer.Length - Length < size)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + size));
        }

        RecordFormat.Write(_buffer.AsSpan(Length), kind, offset, place, payload);
        Length += size;
        _entries.Add(new GroupEntry(owner, index, offset, kind, payload, topic, digest, duplicateUntil, size, IsDuplicate: false));
    }

    /// <summary>No record, but an answer that waits for the same sync.</summary>
    public void AddDuplicate(IRecordOwner owner, int index, long original) =>
        _entries.Add(new GroupEntry(owner, index, original, RecordKind.None, [], null, null, 0, 0, IsDuplicate: true));

    public void Clear()
    {
        _entries.Clear();
        Length = 0;
        if (_buffer.Length > MaxLength)
        {
            _buffer = new byte[Usual];
        }
    }
}

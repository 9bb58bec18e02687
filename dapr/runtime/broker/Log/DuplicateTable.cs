using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HmsMesh.Broker.Log;

/// <summary>Which events count as published already, by a digest of topic, source and id: those of the newest segment in a table, those of
/// older ones in order. Only the writer touches it.</summary>
internal sealed class DuplicateTable
{
    /// <summary>More than this many are not remembered: those of the oldest segments go first.</summary>
    public const int Limit = 1 << 20;
    private readonly List<DuplicateIndex> _older = [];
    private Dictionary<UInt128, (long Until, long Offset)> _newest = [];

    public int Count => _newest.Count + _older.Sum(static one => one.Count);

    public static UInt128 Digest(string pubSub, string topic, string? source, string id)
    {
        Span<byte> digest = stackalloc byte[32];
        var text = $"{pubSub.Length}:{pubSub}{topic.Length}:{topic}{source?.Length ?? -1}:{source}{id}";
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return new UInt128(BinaryPrimitives.ReadUInt64LittleEndian(digest), BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]));
    }

    /// <summary>The offset that an event with this digest got within its window, or null.</summary>
    public long? Find(UInt128 digest, long now)
    {
        if (_newest.TryGetValue(digest, out var known))
        {
            return known.Until > now ? known.Offset : null;
        }

        for (var i = _older.Count - 1; i >= 0; i--)
        {
            if (_older[i].Find(digest) is { } older)
            {
                return older.Until > now ? older.Offset : null;
            }
        }

        return null;
    }

    public void Add(UInt128 digest, long until, long offset) => _newest[digest] = (until, offset);

    /// <summary>Takes back what was not stored after all.</summary>
    public void Remove(UInt128 digest) => _newest.Remove(digest);

    /// <summary>An older segment's, newest first: at opening.</summary>
    public void AddOlder(DuplicateIndex index) => _older.Insert(0, index);

    /// <summary>The newest segment is closed: its digests, to be written beside it.</summary>
    public DuplicateIndex Close(long now)
    {
        var index = DuplicateIndex.Of(_newest);
        _newest = [];
        _older.Add(index);
        _older.RemoveAll(one => one.Until <= now);
        while (_older.Count > 1 && Count > Limit)
        {
            _older.RemoveAt(0);
        }

        return index;
    }
}

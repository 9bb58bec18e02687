using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HmsMesh.Broker.Log;

/// <summary>Which events count as published already, by a digest of topic, source and id. Only the writer touches it.</summary>
internal sealed class DuplicateTable
{
    /// <summary>More than this many are not remembered: the oldest go first.</summary>
    public const int Limit = 1 << 20;
    private readonly Dictionary<UInt128, (long Until, long Offset)> _known = [];
    private readonly Queue<UInt128> _order = new();

    public static UInt128 Digest(string pubSub, string topic, string? source, string id)
    {
        Span<byte> digest = stackalloc byte[32];
        var text = $"{pubSub.Length}:{pubSub}{topic.Length}:{topic}{source?.Length ?? -1}:{source}{id}";
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return new UInt128(BinaryPrimitives.ReadUInt64LittleEndian(digest), BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]));
    }

    /// <summary>The offset that an event with this digest got within its window, or null.</summary>
    public long? Find(UInt128 digest, long now) => _known.TryGetValue(digest, out var known) && known.Until > now ? known.Offset : null;

    public void Add(UInt128 digest, long until, long offset, long now)
    {
        if (!_known.ContainsKey(digest))
        {
            _order.Enqueue(digest);
        }

        _known[digest] = (until, offset);
        while (_order.TryPeek(out var oldest) && (_known.Count > Limit || !_known.TryGetValue(oldest, out var entry) || entry.Until <= now))
        {
            _order.Dequeue();
            _known.Remove(oldest);
        }
    }

    /// <summary>Takes back what was not stored after all.</summary>
    public void Remove(UInt128 digest) => _known.Remove(digest);
}

using System.Buffers;
using System.Buffers.Binary;

namespace HmsMesh.Broker.Log;

/// <summary>Walks a segment's records from its beginning until one is not good, and judges what is there instead.</summary>
internal sealed class SegmentWalk(Segment segment) : IDisposable
{
    private const int ChunkSize = 1 << 20;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
    private long _bufferAt;
    private int _buffered;

    /// <summary>The byte behind the last good record.</summary>
    public long Position { get; private set; } = Segment.HeaderSize;

    /// <summary>The offset of the record that should come next.</summary>
    public long Next { get; private set; } = segment.Base;

    public bool TryNext(out RecordHeader header, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        if (!TryBytes(Position, RecordFormat.HeaderSize, out var head))
        {
            header = default;
            return false;
        }

        header = RecordFormat.ReadHeader(head.Span);
        if (!header.Plausible || header.Offset != Next || !TryBytes(Position, header.Size, out var record)
            || RecordFormat.Checksum(record.Span) != header.Checksum)
        {
            return false;
        }

        payload = record.Slice(RecordFormat.HeaderSize, (int)header.Length);
        segment.Note(Next, Position);
        Position += header.Size;
        Next++;
        return true;
    }

    /// <summary>Tells a torn end, which nobody was told of, from damage: a good record behind it, of a group that was written
    /// after the missing one had been synced, proves that it was there. Returns whether there is anything to cut.</summary>
    public bool HasTornEnd()
    {
        var torn = false;
        for (var at = Position; TryBytes(at, 8, out var word); at += 8)
        {
            if (BinaryPrimitives.ReadInt64LittleEndian(word.Span) == 0)
            {
                continue;
            }

            torn = true;
            if (IsLaterGroup(at))
            {
                throw new BrokerDamagedException(segment.Path, Position, $"record {Next} is not there or not as it was written, and later ones are");
            }
        }

        return torn || RandomAccess.GetLength(segment.Handle) % 8 != 0;
    }

    /// <summary>Goes on at the next good record, where there is one before a limit. Where the end may be torn, only a record that
    /// proves the missing one counts.</summary>
    public bool TryResume(long limit, bool mayBeTorn)
    {
        for (var at = Position; TryBytes(at, RecordFormat.HeaderSize, out var head); at += 8)
        {
            var header = RecordFormat.ReadHeader(head.Span);
            if (header.Plausible && header.Offset >= Next && header.Offset < limit && header.Offset - Next < 1L << 32
                && (!mayBeTorn || header.Offset - header.Place > Next)
                && TryBytes(at, header.Size, out var record) && RecordFormat.Checksum(record.Span) == header.Checksum)
            {
                (Position, Next) = (at, header.Offset);
                return true;
            }
        }

        return false;
    }

    /// <summary>Goes to a place where a record is known to begin.</summary>
    public void GoTo(long offset, long position) => (Next, Position) = (offset, position);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private bool IsLaterGroup(long at)
    {
        if (!TryBytes(at, RecordFormat.HeaderSize, out var head))
        {
            return false;
        }

        var header = RecordFormat.ReadHeader(head.Span);
        return header.Plausible && header.Offset - header.Place > Next && header.Offset - Next < 1L << 32
            && TryBytes(at, header.Size, out var record) && RecordFormat.Checksum(record.Span) == header.Checksum;
    }

    private bool TryBytes(long at, int count, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (at < _bufferAt || at + count > _bufferAt + _buffered)
        {
            if (at + count > RandomAccess.GetLength(segment.Handle))
            {
                return false;
            }

            Fill(at, count);
        }

        bytes = _buffer.AsMemory((int)(at - _bufferAt), count);
        return at + count <= _bufferAt + _buffered;
    }

    private void Fill(long at, int count)
    {
        if (_buffer.Length < count)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(count);
        }

        (_bufferAt, _buffered) = (at, 0);
        int read;
        do
        {
            read = RandomAccess.Read(segment.Handle, _buffer.AsSpan(_buffered), at + _buffered);
            _buffered += read;
        }
        while (read > 0 && _buffered < count);
    }
}

using System.Buffers;

namespace HmsMesh.Broker.Log;

/// <summary>Reads records by offset: from the tail in memory, else from the files, in order without seeking. Every record read
/// from a file is checked; one that is not as it was written is damage.</summary>
internal sealed class LogReader(LogFiles files) : IDisposable
{
    private const int BufferSize = 128 << 10;
    private Segment? _segment;
    private long _next;
    private long _position;
    private byte[] _buffer = [];
    private long _bufferAt;
    private int _buffered;
    private long _bufferHead;

    /// <summary>Reads the record, or says that no sync covers it yet. Where retention let go of it, the first one that is kept.</summary>
    public bool TryRead(long offset, out LogRecord record)
    {
        if (offset >= files.Head)
        {
            record = default;
            return false;
        }

        if (files.Tail.Find(offset) is { } cached)
        {
            record = new LogRecord(offset, cached.Kind, cached.Payload, cached);
            return true;
        }

        record = ReadKept(offset);
        return true;
    }

    /// <summary>Gives the buffer back while there is nothing to read.</summary>
    public void Rest()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            (_buffer, _buffered) = ([], 0);
        }
    }

    public void Dispose() => Rest();

    private LogRecord ReadKept(long offset)
    {
        while (true)
        {
            try
            {
                return ReadFile(offset);
            }
            catch (ObjectDisposedException) when (_segment is { IsRetired: true })
            {
                _segment = null;
            }
        }
    }

    private LogRecord ReadFile(long offset)
    {
        if (_segment is null || offset != _next || offset >= _segment.EndOffset)
        {
            Seek(offset);
        }

        while (_next < offset)
        {
            Step();
        }

        return Step();
    }

    private void Seek(long offset)
    {
        var segment = files.Find(offset);
        if (segment != _segment)
        {
            _buffered = 0;
        }

        _segment = segment;
        (_next, _position) = segment.Near(offset);
    }

    private LogRecord Step()
    {
        var segment = _segment!;
        var header = RecordFormat.ReadHeader(Bytes(RecordFormat.HeaderSize).Span);
        if (!header.Plausible || header.Offset != _next)
        {
            throw Damaged($"record {_next} is not there");
        }

        var bytes = Bytes(header.Size);
        if (RecordFormat.Checksum(bytes.Span) != header.Checksum)
        {
            throw Damaged($"the checksum of record {_next} is wrong");
        }

        segment.Note(_next, _position);
        var record = new LogRecord(_next, header.Kind, bytes.Slice(RecordFormat.HeaderSize, (int)header.Length), null, new RecordPlace(segment.Base, _position));
        _position += header.Size;
        _next++;
        return record;
    }

    private ReadOnlyMemory<byte> Bytes(int count)
    {
        var skip = _position - _bufferAt;
        // What lay past the head when the buffer was filled may have been written since.
        if (skip < 0 || skip + count > _buffered || _next >= _bufferHead)
        {
            Fill(count);
            skip = 0;
        }

        return _buffer.AsMemory((int)skip, count);
    }

    private void Fill(int count)
    {
        if (_buffer.Length < Math.Max(count, BufferSize))
        {
            Rest();
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(count, BufferSize));
        }

        _bufferHead = files.Head;
        (_bufferAt, _buffered) = (_position, 0);
        while (_buffered < count)
        {
            var read = RandomAccess.Read(_segment!.Handle, _buffer.AsSpan(_buffered), _position + _buffered);
            if (read == 0)
            {
                throw Damaged($"the file ends within record {_next}");
            }

            _buffered += read;
        }
    }

    private BrokerDamagedException Damaged(string what)
    {
        var segment = _segment!;
        _segment = null;
        return new BrokerDamagedException(segment.Path, _position, what);
    }
}

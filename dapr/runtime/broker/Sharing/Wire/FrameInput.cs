using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;

namespace HmsMesh.Broker.Sharing.Wire;

/// <summary>Frames as they arrive. Its buffer grows with what was received, never with what is claimed.</summary>
internal sealed class FrameInput(Socket socket, TimeProvider time) : IDisposable
{
    private const int Small = 16 << 10;
    private SocketOperation? _receive;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Small);
    private int _start;
    private int _end;
    private long _heard = time.GetTimestamp();
    private volatile bool _within;
    private volatile bool _waiting;

    /// <summary>The longest frame that is taken.</summary>
    public int Limit { get; set; } = Protocol.MaxHello;

    /// <summary>For how long it has been waited for more in vain.</summary>
    public TimeSpan Silent => _waiting ? time.GetElapsedTime(Volatile.Read(ref _heard)) : TimeSpan.Zero;

    /// <summary>Whether a frame has begun and not ended.</summary>
    public bool Within => _within;

    /// <summary>Waits for more; false at the end. Throws where the peer is gone or the socket was closed meanwhile.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        Wait();
        return Filled(await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Waits for more; false at the end, where the peer is gone, and where the socket was closed meanwhile.</summary>
    public async ValueTask<bool> TryFillAsync()
    {
        Wait();
        return Filled(await (_receive ??= new()).ReceiveAsync(socket, _buffer.AsMemory(_end)).ConfigureAwait(false));
    }

    /// <summary>The next whole frame; its payload is good until the next filling.</summary>
    public bool TryNext(out FrameKind kind, out ReadOnlyMemory<byte> payload)
    {
        (kind, payload) = (FrameKind.None, default);
        _within = _end > _start;
        if (_end - _start < Protocol.Head)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
        if (length == 0 || length > Limit)
        {
            throw new ProtocolException($"a frame of {length} bytes");
        }

        if (_end - _start - 4 < length)
        {
            return false;
        }

        kind = (FrameKind)_buffer[_start + 4];
        payload = _buffer.AsMemory(_start + Protocol.Head, (int)length - 1);
        _start += 4 + (int)length;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _buffer, []));
        _receive?.Dispose();
    }

    private void Wait()
    {
        MakeRoom();
        Volatile.Write(ref _heard, time.GetTimestamp());
        _waiting = true;
    }

    private bool Filled(int read)
    {
        _waiting = false;
        _end += Math.Max(read, 0);
        return read > 0;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
            if (_buffer.Length > Small * 16)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = ArrayPool<byte>.Shared.Rent(Small);
            }
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        var (old, count) = (_buffer, _end - _start);
        if (count > old.Length / 2)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(old.Length * 2);
        }

        old.AsSpan(_start, count).CopyTo(_buffer);
        (_start, _end) = (0, count);
        if (old != _buffer)
        {
            ArrayPool<byte>.Shared.Return(old);
        }
    }
}

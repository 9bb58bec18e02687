using System.Buffers.Binary;
using System.Net.Sockets;

namespace HmsMesh.Broker.Sharing.Wire;

/// <summary>Frames on their way out: whoever has one adds it to a buffer, and one sender at a time sends all that has gathered.
/// Nobody waits for a peer that does not read.</summary>
internal sealed class FrameOutput(Socket socket, int limit, Action failed) : IThreadPoolWorkItem, IDisposable
{
    private const int Small = 4 << 10;
    private const int Kept = 256 << 10;
    private readonly Lock _gate = new();
    private readonly SocketOperation _send = new();
    private byte[] _filling = [];
    private byte[] _spare = [];
    private int _filled;
    private bool _busy;
    private bool _closed;
    private TaskCompletionSource? _idle;

    /// <summary>False where the peer is gone, or does not read.</summary>
    public bool TryWrite(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        bool full;
        lock (_gate)
        {
            var size = Protocol.Head + payload.Length;
            if (_closed)
            {
                return false;
            }

            full = _filled > 0 && _filled + size > limit;
            if (full)
            {
                _closed = true;
            }
            else
            {
                Put(kind, payload, size);
                if (_busy)
                {
                    return true;
                }

                _busy = true;
            }
        }

        if (full)
        {
            failed();
            return false;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    public void Execute() => _ = SendAsync();

    /// <summary>Takes nothing more, and completes once all is sent or the peer is gone.</summary>
    public Task EndAsync()
    {
        lock (_gate)
        {
            _closed = true;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_busy)
            {
                _idle.TrySetResult();
            }

            return _idle.Task;
        }
    }

    /// <summary>After the socket's: what is being sent ends with that.</summary>
    public void Dispose() => _send.Dispose();

    private void Put(FrameKind kind, ReadOnlySpan<byte> payload, int size)
    {
        if (_filling.Length - _filled < size)
        {
            Array.Resize(ref _filling, Math.Max(Math.Max(_filling.Length * 2, Small), _filled + size));
        }

        var to = _filling.AsSpan(_filled);
        BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)payload.Length + 1);
        to[4] = (byte)kind;
        payload.CopyTo(to[Protocol.Head..]);
        _filled += size;
    }

    private async Task SendAsync()
    {
        while (TryTake(out var bytes))
        {
            while (bytes.Length > 0)
            {
                var sent = await _send.SendAsync(socket, bytes).ConfigureAwait(false);
                if (sent == SocketOperation.Gone)
                {
                    Fail();
                    return;
                }

                bytes = bytes[sent..];
            }
        }
    }

    private void Fail()
    {
        lock (_gate)
        {
            (_closed, _busy, _filled) = (true, false, 0);
            _idle?.TrySetResult();
        }

        failed();
    }

    private bool TryTake(out ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            if (_filled == 0)
            {
                bytes = default;
                (_filling, _spare) = (Keep(_filling), Keep(_spare));
                _busy = false;
                _idle?.TrySetResult();
                return false;
            }

            bytes = _filling.AsMemory(0, _filled);
            (_filling, _spare, _filled) = (_spare, _filling, 0);
            return true;
        }
    }

    private static byte[] Keep(byte[] buffer) => buffer.Length > Kept ? [] : buffer;
}

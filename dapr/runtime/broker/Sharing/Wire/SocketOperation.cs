using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace HmsMesh.Broker.Sharing.Wire;

/// <summary>
/// One direction of a socket, which tells by a result, not by an exception, that the peer is gone. When a writer dies, all other
/// processes find out at the same moment, and each of their first exceptions costs more than what else a takeover needs.
/// One operation at a time.
/// </summary>
internal sealed class SocketOperation : IValueTaskSource<int>, IDisposable
{
    /// <summary>The peer or the socket is gone.</summary>
    public const int Gone = -1;

    private readonly SocketAsyncEventArgs _args = new(true);
    private ManualResetValueTaskSourceCore<int> _source = new() { RunContinuationsAsynchronously = false };

    public SocketOperation() => _args.Completed += (_, _) => _source.SetResult(Result);

    private int Result => _args.SocketError == SocketError.Success ? _args.BytesTransferred : Gone;

    /// <summary>Returns how many bytes were received, 0 at the end, or <see cref="Gone"/>.</summary>
    public ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> buffer)
    {
        return Run(socket, buffer, static (on, args) => on.ReceiveAsync(args));
    }

    /// <summary>Returns how many bytes were sent, or <see cref="Gone"/>.</summary>
    public ValueTask<int> SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        return Run(socket, MemoryMarshal.AsMemory(bytes), static (on, args) => on.SendAsync(args));
    }

    /// <summary>Returns <see cref="Gone"/> where nobody listens.</summary>
    public ValueTask<int> ConnectAsync(Socket socket, EndPoint address)
    {
        _args.RemoteEndPoint = address;
        return Run(socket, null, static (on, args) => on.ConnectAsync(args));
    }

    public int GetResult(short token) => _source.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    public void Dispose() => _args.Dispose();

    /// <summary>Whoever disposes of it or of the socket meanwhile ends it: that is no fault.</summary>
    private ValueTask<int> Run(Socket socket, Memory<byte>? buffer, Func<Socket, SocketAsyncEventArgs, bool> begin)
    {
        if (socket.SafeHandle.IsClosed)
        {
            return new(Gone);
        }

        _source.Reset();
        try
        {
            if (buffer is { } bytes)
            {
                _args.SetBuffer(bytes);
            }

            return begin(socket, _args) ? new(this, _source.Version) : new(Result);
        }
        catch (ObjectDisposedException)
        {
            return new(Gone);
        }
    }
}

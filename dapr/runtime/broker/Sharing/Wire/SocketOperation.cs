using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace HmsMesh.Broker.Sharing.Wire;

/// <summary>
/// One direction of a socket, which tells by a result, not by an exception, that the peer is gone. When a writer dies, all other
/// processes find out at the same moment, and each of their first exceptions costs more than what else a takeover needs.
/// One operation at a time.
/// </summary>
internal sealed class SocketOperation() : SocketAsyncEventArgs(true), IValueTaskSource<int>
{
    /// <summary>The peer or the socket is gone.</summary>
    public const int Gone = -1;

    private ManualResetValueTaskSourceCore<int> _source;

    private int Result => SocketError == SocketError.Success ? BytesTransferred : Gone;

    /// <summary>Returns how many bytes were received, 0 at the end, or <see cref="Gone"/>.</summary>
    public ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> buffer)
    {
        SetBuffer(buffer);
        return Run(socket, static (on, operation) => on.ReceiveAsync(operation));
    }

    /// <summary>Returns how many bytes were sent, or <see cref="Gone"/>.</summary>
    public ValueTask<int> SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        SetBuffer(System.Runtime.InteropServices.MemoryMarshal.AsMemory(bytes));
        return Run(socket, static (on, operation) => on.SendAsync(operation));
    }

    /// <summary>Returns <see cref="Gone"/> where nobody listens.</summary>
    public ValueTask<int> ConnectAsync(Socket socket, EndPoint address)
    {
        RemoteEndPoint = address;
        return Run(socket, static (on, operation) => on.ConnectAsync(operation));
    }

    public int GetResult(short token) => _source.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override void OnCompleted(SocketAsyncEventArgs e) => _source.SetResult(Result);

    private ValueTask<int> Run(Socket socket, Func<Socket, SocketOperation, bool> begin)
    {
        if (socket.SafeHandle.IsClosed)
        {
            return new(Gone);
        }

        _source.Reset();
        try
        {
            return begin(socket, this) ? new(this, _source.Version) : new(Result);
        }
        catch (ObjectDisposedException)
        {
            return new(Gone);
        }
    }
}

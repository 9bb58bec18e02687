using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>One HTTP/1.1 connection with one call at a time, so plain that it costs little beside what it measures.</summary>
internal sealed class LoadConnection : IDisposable
{
    private const int MostHeader = 32 << 10;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[MostHeader * 2];
    private int _length;

    private LoadConnection()
    {
    }

    public static async Task<LoadConnection> OpenAsync(int port, CancellationToken cancellationToken)
    {
        var connection = new LoadConnection();
        await connection._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
        return connection;
    }

    /// <summary>The bytes of a call.</summary>
    public static byte[] Request(string method, string path, string? body)
    {
        var head = $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n";
        return Encoding.UTF8.GetBytes(body is null
            ? head + "\r\n"
            : string.Create(CultureInfo.InvariantCulture, $"{head}Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
    }

    /// <summary>Sends the call, reads the whole answer, and returns its status.</summary>
    public async ValueTask<int> CallAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        while (request.Length > 0)
            request = request[await _socket.SendAsync(request, SocketFlags.None, cancellationToken)..];
        int head;
        while ((head = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
            await FillAsync(cancellationToken);
        var status = int.Parse(_buffer.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        var length = BodyLength(_buffer.AsSpan(0, head), status);
        Drop(head + 4);
        if (length < 0)
            await SkipChunksAsync(cancellationToken);
        else
            await SkipAsync(length, cancellationToken);
        return status;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>-1: in chunks.</summary>
    private static long BodyLength(ReadOnlySpan<byte> head, int status)
    {
        if (status is 204 or 304)
            return 0;
        foreach (var range in head.Split("\r\n"u8))
        {
            var line = head[range];
            if (Ascii.EqualsIgnoreCase(line[..Math.Min(15, line.Length)], "content-length:"u8))
                return Utf8Parser.TryParse(line[15..].TrimStart((byte)' '), out long length, out _) ? length : 0;
            if (Ascii.EqualsIgnoreCase(line[..Math.Min(18, line.Length)], "transfer-encoding:"u8))
                return -1;
        }

        return 0;
    }

    private async ValueTask SkipChunksAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int end;
            while ((end = _buffer.AsSpan(0, _length).IndexOf("\r\n"u8)) < 0)
                await FillAsync(cancellationToken);
            if (!Utf8Parser.TryParse(_buffer.AsSpan(0, end), out int size, out _, 'x'))
                throw new InvalidDataException("an answer with a broken chunk");
            Drop(end + 2);
            await SkipAsync(size + 2, cancellationToken);
            if (size == 0)
                return;
        }
    }

    private async ValueTask SkipAsync(long count, CancellationToken cancellationToken)
    {
        while (true)
        {
            var here = (int)Math.Min(count, _length);
            Drop(here);
            count -= here;
            if (count == 0)
                return;
            await FillAsync(cancellationToken);
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_length == _buffer.Length)
            throw new InvalidDataException($"an answer with more than {MostHeader} bytes of headers");
        var read = await _socket.ReceiveAsync(_buffer.AsMemory(_length), SocketFlags.None, cancellationToken);
        _length += read > 0 ? read : throw new EndOfStreamException("the connection was closed");
    }

    private void Drop(int count)
    {
        _length -= count;
        _buffer.AsSpan(count, _length).CopyTo(_buffer);
    }
}

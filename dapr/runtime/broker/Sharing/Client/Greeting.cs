using System.Net.Sockets;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.Native;
using HmsMesh.Broker.Sharing.Wire;

namespace HmsMesh.Broker.Sharing.Client;

/// <summary>How a process comes to the one that writes: it connects, says who it is, and is welcomed or refused.</summary>
internal static class Greeting
{
    /// <summary>The connected socket, or null where nobody listens.</summary>
    public static async ValueTask<Socket?> ConnectAsync(string folder)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using var path = new SocketPath(folder);
            using var connect = new SocketOperation();
            if (await connect.ConnectAsync(socket, path.Address).ConfigureAwait(false) != SocketOperation.Gone)
            {
                return socket;
            }
        }
        catch (IOException)
        {
            // The folder itself is not there.
        }

        socket.Dispose();
        return null;
    }

    public static void Say(FrameOutput output, string client, long nextDelivery)
    {
        var writer = PayloadWriter.Rent();
        writer.Int64(Protocol.Magic);
        writer.Number(Protocol.Version);
        writer.Text(client);
        writer.Number(Environment.ProcessId);
        writer.Number(nextDelivery);
        output.TryWrite(FrameKind.Hello, writer.Written);
    }

    /// <summary>The answer; null where the other side went. Throws <see cref="BrokerLockedException"/> where it can't be shared, and
    /// <see cref="ProtocolException"/> where it is none.</summary>
    public static async Task<Welcome?> WelcomeAsync(FrameInput input, string folder)
    {
        FrameKind kind;
        ReadOnlyMemory<byte> payload;
        while (!input.TryNext(out kind, out payload))
        {
            if (!await input.TryFillAsync().ConfigureAwait(false))
            {
                return null;
            }
        }

        input.Limit = Protocol.MaxFrame;
        return kind switch
        {
            FrameKind.Welcome => Read(payload.Span),
            FrameKind.Refusal => throw Refused(payload.Span, folder),
            _ => throw new ProtocolException($"a frame of kind {(int)kind}"),
        };
    }

    private static Welcome Read(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        return reader.Number() == Protocol.Version
            ? new Welcome((int)reader.Number(), TimeSpan.FromTicks(reader.Int64()), reader.Int64(), (int)reader.Number())
            : throw new ProtocolException("a welcome of another version");
    }

    private static BrokerLockedException Refused(ReadOnlySpan<byte> payload, string folder)
    {
        var reader = new PayloadReader(payload);
        var (version, pid) = (reader.Number(), (int)reader.Number());
        return new BrokerLockedException(folder, pid, $"it is of another version (it speaks {version}, this process {Protocol.Version})");
    }
}

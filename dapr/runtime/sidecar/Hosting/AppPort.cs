using System.Net;
using System.Net.Sockets;

namespace HmsMesh.Sidecar.Hosting;

/// <summary>Waits until something accepts connections where the app is to listen.</summary>
internal static class AppPort
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static async Task WaitAsync(string address, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        EndPoint app = IPAddress.TryParse(address, out var ip) ? new IPEndPoint(ip, port) : new DnsEndPoint(address, port);
        while (!await AcceptsAsync(app, cancellationToken).ConfigureAwait(false))
        {
            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Knocks. Nobody there is the rule until the app is up, so it must not cost an exception each time.</summary>
    private static async Task<bool> AcceptsAsync(EndPoint app, CancellationToken cancellationToken)
    {
        using var socket = app is IPEndPoint { AddressFamily: var family }
            ? new Socket(family, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var attempt = new SocketAsyncEventArgs();
        attempt.RemoteEndPoint = app;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        attempt.Completed += (_, _) => done.SetResult();
        if (socket.ConnectAsync(attempt))
        {
            await using var cancelling = cancellationToken.Register(() => Socket.CancelConnectAsync(attempt)).ConfigureAwait(false);
            await done.Task.ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return attempt.SocketError is SocketError.Success;
    }
}

using System.Net.Sockets;

namespace HmsMesh.Sidecar.Hosting;

/// <summary>Waits until something accepts connections where the app is to listen.</summary>
internal static class AppPort
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    public static async Task WaitAsync(string address, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        while (!await AcceptsAsync(address, port, cancellationToken).ConfigureAwait(false))
        {
            await Task.Delay(s_interval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<bool> AcceptsAsync(string address, int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address, port, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

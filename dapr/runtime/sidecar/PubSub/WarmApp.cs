using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HmsMesh.Sidecar.PubSub;

/// <summary>What stands in for an app while the sidecar warms up: takes deliveries on a loopback port, and knows nothing else.</summary>
internal sealed class WarmApp : IDisposable
{
    private static readonly byte[] Answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"status\":\"SUCCESS\"}");
    private static readonly byte[] Nothing = Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SemaphoreSlim _delivered = new(0);
    private readonly Task _serving;

    public WarmApp()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Completes when a delivery came, for each one once; faults where serving did.</summary>
    public async Task DeliveredAsync()
    {
        var delivered = _delivered.WaitAsync();
        await (await Task.WhenAny(delivered, _serving).ConfigureAwait(false)).ConfigureAwait(false);
        await delivered.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _listener.Stop();
        _delivered.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = ServeAsync(client);
        }
    }

    /// <summary>Every request comes in one or two packets and needs one answer; a delivery ends with its body's brace.</summary>
    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        var stream = client.GetStream();
        var buffer = new byte[8 << 10];
        var text = new StringBuilder();
        try
        {
            while (await stream.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var read)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
                var request = text.ToString();
                var isDelivery = request.StartsWith("POST", StringComparison.Ordinal);
                if (isDelivery ? request[^1] != '}' : !request.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    continue;
                }

                text.Clear();
                await stream.WriteAsync(isDelivery ? Answer : Nothing).ConfigureAwait(false);
                if (isDelivery)
                {
                    _delivered.Release();
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The warm-up is over.
        }
    }
}

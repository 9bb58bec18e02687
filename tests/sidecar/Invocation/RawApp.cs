using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>An app that answers with these bytes, whatever they are.</summary>
internal sealed class RawApp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    /// <param name="answer">Null: none, ever.</param>
    /// <param name="close">Whether the connection ends with the answer.</param>
    public RawApp(string? answer, bool close = true)
    {
        _listener.Start();
        _serving = ServeAsync(answer, close);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Completes when somebody who was being served has gone.</summary>
    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeAsync(string? answer, bool close)
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ServeAsync(client, answer, close);
        }
    }

    private async Task ServeAsync(TcpClient client, string? answer, bool close)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var buffer = new byte[16 << 10];
                var head = "";
                while (!head.Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    var read = await stream.ReadAsync(buffer, _stop.Token);
                    if (read == 0)
                    {
                        return;
                    }

                    head += Encoding.Latin1.GetString(buffer, 0, read);
                }

                // The sidecar's own questions at the start.
                var bytes = head.Contains(" /dapr/", StringComparison.Ordinal) ? "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" : answer;
                if (bytes is not null)
                {
                    await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), _stop.Token);
                }

                if (bytes == answer && (!close || answer is null))
                {
                    while (await stream.ReadAsync(buffer, _stop.Token) > 0)
                    {
                        // Whatever it still says.
                    }

                    Gone.TrySetResult();
                }
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException)
            {
                Gone.TrySetResult();
            }
        }
    }
}

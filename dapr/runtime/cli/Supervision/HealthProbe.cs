using System.Net;
using System.Net.Sockets;

namespace HmsMesh.Cli.Supervision;

/// <summary>Asks services whether they are healthy. While nobody listens yet it only knocks, as a refused HTTP call costs an exception.</summary>
internal sealed class HealthProbe(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Seldom = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseProxy = false }) { Timeout = Patience };

    /// <summary>Completes once the service answers 200.</summary>
    public async Task UntilHealthyAsync(ServicePlan plan, CancellationToken cancellationToken)
    {
        while (!await KnockAsync(plan.AppPort) || !await IsHealthyAsync(plan, cancellationToken))
            await Task.Delay(Between, time, cancellationToken);
    }

    /// <summary>Completes once the address answers 2xx. What takes long is asked less and less often.</summary>
    public async Task UntilOkAsync(int port, string address, CancellationToken cancellationToken)
    {
        var wait = Between;
        while (!await KnockAsync(port) || !await IsOkAsync(address, cancellationToken))
        {
            await Task.Delay(wait, time, cancellationToken);
            wait = wait * 1.1 < Seldom ? wait * 1.1 : Seldom;
        }
    }

    /// <summary>Whether anybody is at the service's port.</summary>
    public static Task<bool> ListensAsync(ServicePlan plan) => KnockAsync(plan.AppPort);

    public Task<bool> IsHealthyAsync(ServicePlan plan, CancellationToken cancellationToken) =>
        IsOkAsync(plan.Address + (plan.App.AppHealth?.Path ?? "/healthz"), cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<bool> IsOkAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(address, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task<bool> KnockAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var attempt = new SocketAsyncEventArgs();
        attempt.RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, port);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        attempt.Completed += (_, _) => done.SetResult();
        if (socket.ConnectAsync(attempt))
            await done.Task;
        return attempt.SocketError is SocketError.Success;
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Text;
using HmsMesh.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit.Tests;

/// <summary>An HTTP server at the place of a sidecar: it keeps what is published, and answers as a test tells it to.</summary>
internal sealed class RecordingSidecar : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Recorded> _requests = new();
    private readonly SemaphoreSlim _arrived = new(0);

    private RecordingSidecar(WebApplication app) => _app = app;

    public string Endpoint => _app.Urls.First();

    public int Port => new Uri(Endpoint).Port;

    /// <summary>Decides the status of a publish.</summary>
    public Func<Recorded, Task<int>> AnswerAsync { get; set; } = _ => Task.FromResult(204);

    public IReadOnlyList<Recorded> Requests => [.. _requests];

    /// <summary>What was accepted, in order.</summary>
    public IReadOnlyList<CloudEvent> Published => [.. _requests.Where(r => r.Status == 204 && r.Path.StartsWith("/v1.0/publish/")).Select(r => r.Event)];

    public static async Task<RecordingSidecar> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port));
        var sidecar = new RecordingSidecar(builder.Build());
        sidecar._app.Run(sidecar.TakeAsync);
        await sidecar._app.StartAsync();
        return sidecar;
    }

    /// <summary>Waits until so many events were accepted.</summary>
    public async Task<IReadOnlyList<CloudEvent>> WaitForAsync(int count, int seconds = 10)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (Published.Count < count)
        {
            try
            {
                await _arrived.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"{Published.Count} of {count} events after {seconds} s: {string.Join(", ", Requests.Select(r => $"{r.Path} {r.Status}"))}", e);
            }
        }

        return Published;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        var recorded = new Recorded(
            http.Request.Path + http.Request.QueryString,
            http.Request.ContentType,
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body);
        recorded.Status = recorded.Path.StartsWith("/v1.0/publish/") ? await AnswerAsync(recorded) : 204;
        _requests.Enqueue(recorded);
        _arrived.Release();
        http.Response.StatusCode = recorded.Status;
        if (recorded.Status >= 400)
        {
            await http.Response.WriteAsJsonAsync(new { errorCode = "ERR_PUBSUB_PUBLISH_MESSAGE", message = "as the test says" }, http.RequestAborted);
        }
    }
}

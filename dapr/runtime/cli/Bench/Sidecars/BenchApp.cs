using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using System.Net;

namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>The app behind the sidecars: hears one topic, answers calls, and does nothing else.</summary>
internal sealed class BenchApp : IAsyncDisposable
{
    public const string Topic = "bench.event.said";
    private readonly WebApplication _web;
    private readonly byte[] _subscriptions;
    private int _arrived;

    private BenchApp(int port, bool subscribes)
    {
        Port = port;
        _subscriptions = subscribes
            ? JsonSerializer.SerializeToUtf8Bytes([new(Topic)], BenchJson.Default.BenchSubscriptionArray)
            : "[]"u8.ToArray();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, static listen => listen.Protocols = HttpProtocols.Http1));
        _web = builder.Build();
        _web.Run(AnswerAsync);
    }

    public int Port { get; }

    /// <summary>Events that came.</summary>
    public int Arrived => Volatile.Read(ref _arrived);

    /// <summary>Told of each event's number.</summary>
    public Action<int>? Came { get; set; }

    public static async Task<BenchApp> StartAsync(int port, bool subscribes, CancellationToken cancellationToken)
    {
        var app = new BenchApp(port, subscribes);
        await app._web.StartAsync(cancellationToken);
        return app;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        switch (http.Request.Path.Value)
        {
            case "/event":
                await HearAsync(http);
                break;
            case "/hello":
                await WriteAsync(http, "hi"u8.ToArray(), "text/plain");
                break;
            case "/dapr/subscribe":
                await WriteAsync(http, _subscriptions, "application/json");
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private async Task HearAsync(HttpContext http)
    {
        if (Came is { } came)
        {
            using var said = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            came(said.RootElement.GetProperty("data").GetProperty("n").GetInt32());
        }
        else
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
        }

        Interlocked.Increment(ref _arrived);
    }

    private static async Task WriteAsync(HttpContext http, byte[] body, string type)
    {
        (http.Response.ContentType, http.Response.ContentLength) = (type, body.Length);
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}

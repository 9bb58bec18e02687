using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Tests.PubSub;

/// <summary>An app behind a sidecar, on a real port: answers as a test says, and tells what it got.</summary>
internal sealed class AppUnderTest : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<AppRequest, Task<(int Status, string Body)>>> _routes = new();
    private readonly ConcurrentDictionary<string, Channel<AppRequest>> _got = new();

    private AppUnderTest(WebApplication app) => _app = app;

    public int Port { get; private set; }

    public static async Task<AppUnderTest> StartAsync(string subscribe = "[]", int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = new AppUnderTest(builder.Build());
        app.Answer("/dapr/subscribe", _ => (200, subscribe));
        app._app.Run(app.HandleAsync);
        await app._app.StartAsync(TestContext.Current.CancellationToken);
        var address = app._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        app.Port = new Uri(address).Port;
        return app;
    }

    public void Answer(string path, Func<AppRequest, (int Status, string Body)> answer) => _routes[path] = request => Task.FromResult(answer(request));

    public void Answer(string path, Func<AppRequest, Task<(int Status, string Body)>> answer) => _routes[path] = answer;

    /// <summary>The next request to a path that no test has seen yet.</summary>
    public async Task<AppRequest> NextAsync(string path, int withinSeconds = 20)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(withinSeconds));
        try
        {
            return await Got(path).Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"The app got nothing at {path} within {withinSeconds} s.", late);
        }
    }

    /// <summary>How many requests to a path no test has seen yet.</summary>
    public int Waiting(string path) => Got(path).Reader.Count;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Channel<AppRequest> Got(string path) => _got.GetOrAdd(path, _ => Channel.CreateUnbounded<AppRequest>());

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var path = context.Request.Path.Value!;
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var request = new AppRequest(
            path,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.Length == 0 ? default : JsonDocument.Parse(body).RootElement,
            context.RequestAborted);
        Got(path).Writer.TryWrite(request);
        var (status, answer) = _routes.TryGetValue(path, out var route) ? await route(request) : (path == "/dapr/config" ? 404 : 200, "");
        context.Response.StatusCode = status;
        if (answer.Length > 0)
        {
            await context.Response.WriteAsync(answer, context.RequestAborted);
        }
    }
}

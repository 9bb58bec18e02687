using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using HmsMesh.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Tests.Core;

public class CoreLifeTests
{
    private const string Subscription = """
        apiVersion: dapr.io/v2alpha1
        kind: Subscription
        metadata:
          name: orders
        spec:
          pubsubname: pubsub
          topic: orders
          routes:
            default: /orders
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static Dictionary<string, string> Files => new()
    {
        ["pubsub.yaml"] = CoreHost.Component("pubsub", "pubsub.in-memory"),
        ["orders.yaml"] = Subscription,
    };

    [Fact]
    public async Task Shutdown_ByTheApi_AnswersAndThenEnds()
    {
        await using var host = await CoreHost.StartAsync([]);
        (await host.Http.PostAsync("/v1.0/shutdown", null, CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await host.Sidecar.Ended.WaitAsync(Patience, CoreHost.Token);
        await Should.ThrowAsync<HttpRequestException>(() => host.Http.GetAsync("/v1.0/healthz", CoreHost.Token));
    }

    [Fact]
    public async Task Stop_WithADeliveryUnderWay_WaitsForIt()
    {
        var got = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        await using var app = await AppAsync(routes => routes.MapPost("/orders", async () =>
        {
            got.TrySetResult();
            await goOn.Task;
            return Results.Ok();
        }));
        await using var host = await CoreHost.StartAsync(Files, options => options with { AppPort = Port(app), GracefulShutdown = Patience });
        await host.Sidecar.Ready.WaitAsync(Patience, CoreHost.Token);
        (await PublishAsync(host)).ShouldBe(HttpStatusCode.NoContent);
        await got.Task.WaitAsync(Patience, CoreHost.Token);

        var stopping = host.Sidecar.StopAsync(CoreHost.Token);
        await UntilAsync(async () => (await StatusAsync(host)) != HttpStatusCode.NoContent);
        stopping.IsCompleted.ShouldBeFalse();
        goOn.SetResult();
        await stopping.WaitAsync(Patience, CoreHost.Token);
    }

    [Fact]
    public async Task Stop_WithADeliveryThatHangs_EndsWhenTheGraceIsOver()
    {
        var got = new TaskCompletionSource();
        await using var app = await AppAsync(routes => routes.MapPost("/orders", async (HttpContext context) =>
        {
            got.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }));
        await using var host = await CoreHost.StartAsync(Files, options => options with { AppPort = Port(app), GracefulShutdown = TimeSpan.FromMilliseconds(500) });
        await host.Sidecar.Ready.WaitAsync(Patience, CoreHost.Token);
        (await PublishAsync(host)).ShouldBe(HttpStatusCode.NoContent);
        await got.Task.WaitAsync(Patience, CoreHost.Token);
        await host.Sidecar.StopAsync(CoreHost.Token).WaitAsync(Patience, CoreHost.Token);
    }

    [Fact]
    public async Task Stop_WhileTheAppIsAwaited_EndsAndReadyIsCancelled()
    {
        await using var host = await CoreHost.StartAsync(Files, options => options with { AppPort = FreePorts.Take() });
        (await host.Http.GetAsync("/v1.0/healthz", CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await host.Http.GetAsync("/v1.0/healthz/outbound", CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await host.Sidecar.StopAsync(CoreHost.Token).WaitAsync(Patience, CoreHost.Token);
        await Should.ThrowAsync<OperationCanceledException>(() => host.Sidecar.Ready);
    }

    [Fact]
    public async Task Stop_WithBlockShutdown_ServesUntilItIsOver()
    {
        var time = new ManualTime();
        await using var host = await CoreHost.StartAsync(Files, static options => options with { BlockShutdown = TimeSpan.FromMinutes(1) }, time);
        var stopping = host.Sidecar.StopAsync(CoreHost.Token);
        (await PublishAsync(host)).ShouldBe(HttpStatusCode.NoContent);
        stopping.IsCompleted.ShouldBeFalse();
        await UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return Task.FromResult(stopping.IsCompleted);
        });
        await stopping;
    }

    [Fact]
    public async Task Start_OnAPortThatIsTaken_NamesIt()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var fault = await CoreHost.FaultAsync([], options => options with { HttpPort = port });
        fault.ShouldContain($"port {port}");
        fault.ShouldContain("--dapr-http-port");
    }

    [Fact]
    public async Task Start_OnAUnixSocket_AnswersThereAlone()
    {
        using var folder = new Folder();
        await using var host = await CoreHost.StartAsync([], options => options with { UnixDomainSocket = folder.Path });
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(folder.At("dapr-app-http.socket")), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler);
        (await http.GetAsync("http://sidecar/v1.0/healthz", CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Sidecars_ManyInOneProcess_StopOneByOne()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 8).Select(at => CoreHost.StartAsync(Files, options => options with { AppId = $"app-{at}" })));
        try
        {
            hosts.Select(host => host.Sidecar.HttpPort).Distinct().Count().ShouldBe(8);
            await hosts[0].Sidecar.StopAsync(CoreHost.Token).WaitAsync(Patience, CoreHost.Token);
            foreach (var host in hosts.Skip(1))
            {
                (await PublishAsync(host)).ShouldBe(HttpStatusCode.NoContent);
            }
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }
    }

    private static async Task<HttpStatusCode> PublishAsync(CoreHost host) =>
        (await host.Http.PostAsJsonAsync("/v1.0/publish/pubsub/orders", new { a = 1 }, CoreHost.Token)).StatusCode;

    private static async Task<HttpStatusCode> StatusAsync(CoreHost host) => (await host.Http.GetAsync("/v1.0/healthz", CoreHost.Token)).StatusCode;

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(CoreHost.Token);
        patience.CancelAfter(Patience);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private static async Task<WebApplication> AppAsync(Action<IEndpointRouteBuilder> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        var app = builder.Build();
        map(app);
        await app.StartAsync(CoreHost.Token);
        return app;
    }

    private static int Port(WebApplication app) => new Uri(app.Urls.First()).Port;
}

using System.Text;
using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.AppChannel;
using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.Components.PubSubInMemory;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Observability;
using HmsMesh.Sidecar.PubSub.Publishing;
using HmsMesh.Sidecar.PubSub.Subscribing;
using HmsMesh.Sidecar.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Sidecar.PubSub;

/// <summary>
/// Sends one event from the API's handler to an app and back, once a process, so that the first real event isn't slower than the rest.
/// Component, subscription and app are its own and gone afterwards: no real broker or app sees anything of it.
/// </summary>
internal static class WarmUp
{
    private const string Name = "warm";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private static int Begun;

    /// <summary>Goes on by itself, begun by whichever sidecar of the process is first; never fails.</summary>
    public static void Begin(SidecarOptions options, TimeProvider time, ILogger log)
    {
        if (Interlocked.Exchange(ref Begun, 1) == 0)
        {
            _ = Task.Run(() => TryAsync(options, time, log));
        }
    }

    private static async Task TryAsync(SidecarOptions options, TimeProvider time, ILogger log)
    {
        try
        {
            await RunAsync(options, time).WaitAsync(Limit, time).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Warming is a favour: what is wrong shows itself with the first event.
            Log.NotWarm(log, failure);
        }
    }

    private static async Task RunAsync(SidecarOptions given, TimeProvider time)
    {
        using var app = new WarmApp();
        var options = new SidecarOptions { AppId = given.AppId, AppPort = app.Port };
        var loggers = NullLoggerFactory.Instance;
        var brokers = new Broker.BrokerPool(loggers);
        await using var closing = brokers.ConfigureAwait(false);
        var services = new SidecarServices(loggers, brokers, time);
        var resource = new ComponentResource { Source = new(Name, 1), Name = Name, Type = "pubsub.in-memory" };
        var component = new InMemoryPubSub(new(resource, options, services));
        await using var open = component.ConfigureAwait(false);
        var registry = new ComponentRegistry();
        registry.Add(new(resource, component));
        using var runtime = new SidecarRuntime(options, services, ResourceSet.Empty with { Subscriptions = [Subscription()] }, registry)
        {
            RequestShutdown = static _ => { },
        };
        var directory = new PubSubDirectory(runtime);
        directory.Reload();
        using var client = new AppClient(options);
        var health = new AppHealth(runtime, client);
        await using var healthy = health.ConfigureAwait(false);
        using var subscriptions = new SubscriptionManager(runtime, directory, client, health);
        health.Changed = subscriptions.OnHealthAsync;
        await subscriptions.RegisterDeclaredAsync(CancellationToken.None).ConfigureAwait(false);
        await health.StartAsync(CancellationToken.None).ConfigureAwait(false);
        var api = new PublishApi(runtime, directory);
        foreach (var type in (string[])[ContentTypes.Json, ContentTypes.CloudEvent])
        {
            await PublishAsync(api, type).ConfigureAwait(false);
            await app.DeliveredAsync().ConfigureAwait(false);
        }

        await subscriptions.StopAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task PublishAsync(PublishApi api, string contentType)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = HttpMethods.Post;
        http.Request.ContentType = contentType;
        http.Request.QueryString = new("?metadata.ttlInSeconds=60");
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(
            """{"specversion":"1.0","id":"1","source":"warm","type":"warm","subject":"warm","data":{"warm":1}}"""));
        var route = default(RouteValues);
        route.TryAdd("pubsub", Name);
        route.TryAdd("topic", Name);
        var span = TraceContext.NewTrace(sampled: true);
        await api.PublishAsync(new(http, route, span, span)).ConfigureAwait(false);
    }

    private static SubscriptionResource Subscription() => new()
    {
        Source = new(Name, 1),
        PubSub = Name,
        Topic = Name,
        Rules = [new("event.type == 'cold' || has(event.data.cold) && event.data.cold > 1", "/cold")],
        DefaultPath = "/warm",
    };
}

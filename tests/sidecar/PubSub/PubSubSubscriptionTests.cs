using System.Net.Http.Json;
using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Sidecar.AppChannel;
using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.Components.PubSubInMemory;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.PubSub;
using HmsMesh.Sidecar.PubSub.Subscribing;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Sidecar.Tests.PubSub;

public class PubSubSubscriptionTests
{
    [Fact]
    public async Task Subscribe_BrokerThatCannotYet_IsAskedAgainUntilItCan()
    {
        await using var app = await AppUnderTest.StartAsync("""[{"pubsubname":"pubsub","topic":"orders","route":"/orders"}]""");
        var options = new SidecarOptions { AppId = "app", AppPort = app.Port };
        await using var brokers = new BrokerPool(NullLoggerFactory.Instance);
        var services = new SidecarServices(NullLoggerFactory.Instance, brokers, TimeProvider.System);
        var resource = new ComponentResource { Source = new("pubsub.yaml", 1), Name = "pubsub", Type = "pubsub.in-memory" };
        await using var component = new ReluctantPubSub(new InMemoryPubSub(new(resource, options, services)), refusals: 2);
        var registry = new ComponentRegistry();
        registry.Add(new(resource, component));
        using var runtime = new SidecarRuntime(options, services, ResourceSet.Empty, registry) { RequestShutdown = static _ => { } };
        var directory = new PubSubDirectory(runtime);
        directory.Reload();
        using var client = new AppClient(options);
        await using var health = new AppHealth(runtime, client);
        using var subscriptions = new SubscriptionManager(runtime, directory, client, health);
        health.Changed = subscriptions.OnHealthAsync;

        await health.StartAsync(TestContext.Current.CancellationToken);
        await component.Subscribed.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await component.PublishAsync(
            [new() { PubSub = "pubsub", Topic = "orders", Data = """{"specversion":"1.0","id":"1","data":1}"""u8.ToArray() }], TestContext.Current.CancellationToken);

        (await app.NextAsync("/orders")).Body.GetProperty("id").GetString().ShouldBe("1");
        await runtime.BeginStopAsync();
        await subscriptions.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Subscription_OfTheAppWithoutARoute_LeavesTheDeclaredOne()
    {
        await using var app = await AppUnderTest.StartAsync(
            """[{"pubsubname":"pubsub","topic":"orders"},{"pubsubname":"pubsub","topic":"other","route":"","routes":{"rules":[],"default":""}}]""");
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub("pubsub.in-memory") + Declared("orders", "route: /declared"));

        await sidecar.PublishAsync("orders", new { n = 1 });

        await app.NextAsync("/declared");
        var metadata = await sidecar.Http.GetFromJsonAsync<JsonElement>("/v1.0/metadata", TestContext.Current.CancellationToken);
        metadata.GetProperty("subscriptions").EnumerateArray().Select(one => one.GetProperty("topic").GetString()).ShouldBe(["orders"]);
    }

    [Fact]
    public async Task Subscription_DeclaredWithoutARoute_KeepsNoEvents()
    {
        await using var app = await AppUnderTest.StartAsync();
        const string Small = "  - { name: maxSize, value: 1Mi }";
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub("pubsub.embedded", Small) + Declared("orders", "route: \"\""));

        // More than the log holds: nobody lags.
        for (var n = 0; n < 40; n++)
        {
            await sidecar.PublishAsync("orders", new { n, x = new string('x', 50_000) });
        }
    }

    private static string Declared(string topic, string route) => $"""
        apiVersion: dapr.io/v1alpha1
        kind: Subscription
        metadata:
          name: declared
        spec:
          pubsubname: pubsub
          topic: {topic}
          {route}
        ---

        """;

    /// <summary>A component whose broker has no room for a subscription at first.</summary>
    private sealed class ReluctantPubSub(InMemoryPubSub inner, int refusals) : IPubSub
    {
        private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = refusals;

        public Task Subscribed => _subscribed.Task;

        public IReadOnlyList<string> Capabilities => inner.Capabilities;

        public bool Keeps => inner.Keeps;

        public IRetrySchedule Redelivery => inner.Redelivery;

        public string Consumer => inner.Consumer;

        public ValueTask<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken) =>
            inner.PublishAsync(events, cancellationToken);

        public ValueTask RegisterAsync(SubscriptionOptions options, CancellationToken cancellationToken) => inner.RegisterAsync(options, cancellationToken);

        public async ValueTask<IBrokerSubscription> SubscribeAsync(SubscriptionOptions options, IDeliveryHandler handler, CancellationToken cancellationToken)
        {
            if (_left-- > 0)
            {
                throw new BrokerException("The disk is full.");
            }

            var subscription = await inner.SubscribeAsync(options, handler, cancellationToken);
            _subscribed.TrySetResult();
            return subscription;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

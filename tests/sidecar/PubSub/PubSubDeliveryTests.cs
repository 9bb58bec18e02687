using System.Collections.Concurrent;
using System.Text.Json;
using HmsMesh.Shared;

namespace HmsMesh.Sidecar.Tests.PubSub;

public class PubSubDeliveryTests
{
    private const string Orders = """[{"pubsubname":"pubsub","topic":"orders","route":"orders","deadLetterTopic":"dead"},{"pubsubname":"pubsub","topic":"dead","route":"/dead"}]""";

    [Theory]
    [InlineData("pubsub.in-memory")]
    [InlineData("pubsub.embedded")]
    public async Task BulkSubscription_EntriesWithStatuses_OnlyTheFailedComeAgain(string type)
    {
        await using var app = await AppUnderTest.StartAsync(
            """[{"pubsubname":"pubsub","topic":"orders","route":"/orders","bulkSubscribe":{"enabled":true,"maxMessagesCount":10,"maxAwaitDurationMs":500}}]""");
        var failed = new ConcurrentDictionary<int, bool>();
        app.Answer("/orders", request => (200, Statuses(request, n => n == 2 && failed.TryAdd(n, true) ? "RETRY" : "SUCCESS")));
        await using var sidecar = await SidecarUnderTest.StartAsync(
            app.Port, SidecarUnderTest.PubSub(type) + SidecarUnderTest.Resiliency(Retry("maxRetries: 3")));

        foreach (var n in Enumerable.Range(1, 3))
        {
            await sidecar.PublishAsync("orders", new { n });
        }

        var seen = new List<int>();
        while (seen.Count < 4)
        {
            var request = await app.NextAsync("/orders");
            request.Body.GetProperty("type").GetString().ShouldBe("com.dapr.event.sent.bulk");
            request.Body.GetProperty("topic").GetString().ShouldBe("orders");
            request.Headers["content-type"].ShouldBe("application/json");
            request.Headers["pubsubname"].ShouldBe("pubsub");
            foreach (var entry in request.Body.GetProperty("entries").EnumerateArray())
            {
                entry.GetProperty("contentType").GetString().ShouldBe("application/cloudevents+json");
                seen.Add(N(entry.GetProperty("event")));
            }
        }

        seen.Order().ShouldBe([1, 2, 2, 3]);
    }

    [Fact]
    public async Task Embedded_FailureWithoutAPolicy_ComesAgainThenGoesToTheAppsDeadLetters()
    {
        await using var app = await AppUnderTest.StartAsync(
            """[{"pubsubname":"pubsub","topic":"orders","route":"/orders"},{"pubsubname":"pubsub","topic":"app.dead","route":"/dead"}]""");
        app.Answer("/orders", _ => (500, ""));
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub("pubsub.embedded", """
              - name: maxDeliveries
                value: "3"
              - name: backoff
                value: 10ms
            """));

        await sidecar.PublishAsync("orders", new { n = 1 });

        var dead = await app.NextAsync("/dead");
        N(dead.Body).ShouldBe(1);
        dead.Body.GetProperty("topic").GetString().ShouldBe("orders");
        app.Waiting("/orders").ShouldBe(3);
    }

    [Theory]
    [InlineData("pubsub.in-memory")]
    [InlineData("pubsub.embedded")]
    public async Task RetryPolicy_StatusThatItDoesNotName_GoesToTheDeadLettersAtOnce(string type)
    {
        await using var app = await AppUnderTest.StartAsync(Orders);
        app.Answer("/orders", _ => (500, ""));
        await using var sidecar = await SidecarUnderTest.StartAsync(
            app.Port, SidecarUnderTest.PubSub(type) + SidecarUnderTest.Resiliency(Retry("""maxRetries: 5, matching: { httpStatusCodes: "429" }""")));

        await sidecar.PublishAsync("orders", new { n = 1 });

        N((await app.NextAsync("/dead")).Body).ShouldBe(1);
        app.Waiting("/orders").ShouldBe(1);
    }

    [Fact]
    public async Task Embedded_OpenCircuit_PausesTheSubscriberAndLosesNothing()
    {
        await using var app = await AppUnderTest.StartAsync(Orders);
        var tries = 0;
        app.Answer("/orders", _ => (Interlocked.Increment(ref tries) <= 2 ? 500 : 200, ""));
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub("pubsub.embedded", """
              - name: maxDeliveries
                value: "4"
              - name: backoff
                value: 1ms
            """) + SidecarUnderTest.Resiliency("""
              policies:
                circuitBreakers: { cb: { maxRequests: 1, timeout: 300ms, trip: "consecutiveFailures >= 1" } }
              targets:
                components: { pubsub: { inbound: { circuitBreaker: cb } } }
            """));

        for (var n = 0; n < 20; n++)
        {
            await sidecar.PublishAsync("orders", new { n });
        }

        var handled = new HashSet<int>();
        var got = 0;
        while (handled.Count < 20)
        {
            got++;
            var n = N((await app.NextAsync("/orders")).Body);
            if (got > 2)
            {
                handled.Add(n);
            }

            got.ShouldBeLessThan(40);
        }

        app.Waiting("/dead").ShouldBe(0);
    }

    [Theory]
    [InlineData("pubsub.in-memory")]
    [InlineData("pubsub.embedded")]
    public async Task UnhealthyApp_GetsNothing_AndAllOfItOnceItIsHealthy(string type)
    {
        await using var app = await AppUnderTest.StartAsync(Orders);
        var health = 200;
        app.Answer("/healthz", _ => (health, ""));
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub(type), options => options with
        {
            AppHealth = new() { Interval = TimeSpan.FromMilliseconds(50), Timeout = TimeSpan.FromMilliseconds(50), Threshold = 2 },
        });
        await sidecar.PublishAsync("orders", new { n = 0 });
        N((await app.NextAsync("/orders")).Body).ShouldBe(0);

        health = 503;
        for (var probes = app.Waiting("/healthz") + 4; probes > 0; probes--)
        {
            await app.NextAsync("/healthz");
        }

        await sidecar.PublishAsync("orders", new { n = 1 });
        await sidecar.PublishAsync("orders", new { n = 2 });
        for (var probes = app.Waiting("/healthz") + 3; probes > 0; probes--)
        {
            await app.NextAsync("/healthz");
        }

        app.Waiting("/orders").ShouldBe(0);
        health = 200;
        new[] { N((await app.NextAsync("/orders")).Body), N((await app.NextAsync("/orders")).Body) }.Order().ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Embedded_DeclaredSubscription_MissesNothingPublishedBeforeItsAppIsThere()
    {
        var port = FreePorts.Take();
        await using var sidecar = await SidecarUnderTest.StartAsync(
            port,
            SidecarUnderTest.PubSub("pubsub.embedded") + """
            apiVersion: dapr.io/v2alpha1
            kind: Subscription
            metadata:
              name: orders
            spec:
              pubsubname: pubsub
              topic: orders
              routes:
                default: /events/orders
            """,
            ready: false);
        await sidecar.PublishAsync("orders", new { n = 1 });

        await using var app = await AppUnderTest.StartAsync(port: port);

        N((await app.NextAsync("/events/orders")).Body).ShouldBe(1);
        await sidecar.Sidecar.Ready.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("pubsub.in-memory")]
    [InlineData("pubsub.embedded")]
    public async Task Stop_DeliveryUnderWay_ComesToItsEnd(string type)
    {
        await using var app = await AppUnderTest.StartAsync(Orders);
        var finish = new TaskCompletionSource();
        var finished = false;
        app.Answer("/orders", async request =>
        {
            await finish.Task.WaitAsync(request.Aborted);
            finished = true;
            return (200, "");
        });
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub(type));
        await sidecar.PublishAsync("orders", new { n = 1 });
        await app.NextAsync("/orders");

        var stopping = sidecar.Sidecar.StopAsync(TestContext.Current.CancellationToken);
        finish.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        finished.ShouldBeTrue();
    }

    [Fact]
    public async Task Embedded_StopWithAHandlerThatNeverAnswers_GivesTheEventBack()
    {
        var folder = SidecarUnderTest.NewFolder();
        try
        {
            await using var app = await AppUnderTest.StartAsync(Orders);
            app.Answer("/orders", async request =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, request.Aborted);
                return (200, "");
            });
            await using (var first = await SidecarUnderTest.StartAsync(
                app.Port, SidecarUnderTest.PubSub("pubsub.embedded"), options => options with { GracefulShutdown = TimeSpan.FromMilliseconds(300) }, folder))
            {
                await first.PublishAsync("orders", new { n = 1 });
                await app.NextAsync("/orders");
                await first.Sidecar.StopAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            }

            app.Answer("/orders", _ => (200, ""));
            await using var second = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub("pubsub.embedded"), folder: folder);

            N((await app.NextAsync("/orders")).Body).ShouldBe(1);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task InMemory_TopicWithAStar_TakesWhatBeginsSo()
    {
        await using var app = await AppUnderTest.StartAsync("""[{"pubsubname":"pubsub","topic":"orders.*","route":"/all"}]""");
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub("pubsub.in-memory"));

        await sidecar.PublishAsync("orders.", new { n = 1 });
        await sidecar.PublishAsync("other", new { n = 2 });
        await sidecar.PublishAsync("orders.new", new { n = 3 });

        N((await app.NextAsync("/all")).Body).ShouldBe(3);
    }

    [Fact]
    public async Task Delivery_CarriesTheAppToken()
    {
        await using var app = await AppUnderTest.StartAsync(Orders);
        await using var sidecar = await SidecarUnderTest.StartAsync(
            app.Port, SidecarUnderTest.PubSub("pubsub.in-memory"), options => options with { AppToken = "secret" });

        await sidecar.PublishAsync("orders", new { n = 1 }, "?metadata.dapr-api-token=stolen");

        (await app.NextAsync("/orders")).Headers["dapr-api-token"].ShouldBe("secret");
        (await app.NextAsync("/dapr/subscribe")).Headers["dapr-api-token"].ShouldBe("secret");
    }

    private static string Retry(string more) => $$"""
          policies:
            retries: { again: { policy: constant, duration: 20ms, {{more}} } }
          targets:
            components: { pubsub: { inbound: { retry: again } } }
        """;

    private static string Statuses(AppRequest request, Func<int, string> status) => JsonSerializer.Serialize(new
    {
        statuses = request.Body.GetProperty("entries").EnumerateArray()
            .Select(entry => new { entryId = entry.GetProperty("entryId").GetString(), status = status(N(entry.GetProperty("event"))) }),
    });

    private static int N(JsonElement cloudEvent) => cloudEvent.GetProperty("data").GetProperty("n").GetInt32();
}

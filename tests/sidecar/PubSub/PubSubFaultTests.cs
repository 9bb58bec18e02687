using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace HmsMesh.Sidecar.Tests.PubSub;

/// <summary>What goes wrong around publishing and delivering: nothing is lost, and each caller gets a clear answer.</summary>
public class PubSubFaultTests
{
    private const string Orders = """[{"pubsubname":"pubsub","topic":"orders","route":"/orders"}]""";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string Large = new('x', 50_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FullDisk_RefusesPublishesClearly_AndGoesOnWhenThereIsRoom()
    {
        using var disk = SmallDisk.Mount();
        await using var app = await AppUnderTest.StartAsync(Orders);
        var accepted = 0;
        await using (var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub("pubsub.embedded"), folder: disk.Folder))
        {
            await sidecar.PublishAsync("orders", new { n = accepted++ });
            disk.Fill();

            (var refusal, accepted) = await UntilRefusedAsync(sidecar, accepted);
            refusal.Status.ShouldBe(HttpStatusCode.InsufficientStorage);
            var fault = JsonDocument.Parse(refusal.Body).RootElement;
            fault.GetProperty("errorCode").GetString().ShouldBe("ERR_PUBSUB_PUBLISH_MESSAGE");
            fault.GetProperty("message").GetString()!.ShouldContain("full");
            (await sidecar.Http.GetAsync("/v1.0/healthz", Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

            disk.MakeRoom();
            await sidecar.PublishAsync("orders", new { n = accepted++ });
            (await ReceivedAsync(app, accepted)).ShouldBe(Enumerable.Range(0, accepted));
        }

        disk.Fill();
        await using var again = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub("pubsub.embedded"), folder: disk.Folder);
        disk.MakeRoom();
        await again.PublishAsync("orders", new { n = accepted });
        N(await app.NextAsync("/orders")).ShouldBe(accepted, "What was handled before doesn't come again.");
    }

    [Fact]
    public async Task FullDisk_AtTheFirstStart_IsOneSentence_AndTheNextStartIsGood()
    {
        using var disk = SmallDisk.Mount();
        disk.Folder.CreateSubdirectory("resources");
        var pubSub = Path.Combine(disk.Folder.FullName, "resources", "all.yaml");
        await File.WriteAllTextAsync(pubSub, new string('#', 4096), Token);
        disk.Fill();

        var failure = await Should.ThrowAsync<SidecarException>(
            () => SidecarUnderTest.StartAsync(null, SidecarUnderTest.PubSub("pubsub.embedded"), folder: disk.Folder));
        failure.Message.ShouldContain("all.yaml");
        failure.Message.ShouldContain("broker");

        disk.MakeRoom();
        await using var sidecar = await SidecarUnderTest.StartAsync(null, SidecarUnderTest.PubSub("pubsub.embedded"), folder: disk.Folder);
        await sidecar.PublishAsync("orders", new { n = 1 });
    }

    [Fact]
    public async Task FullLog_RefusesNamingWhoLags_AndGoesOnWhenItHasCaughtUp()
    {
        await using var app = await AppUnderTest.StartAsync(Orders);
        var gate = new TaskCompletionSource();
        app.Answer("/orders", async _ =>
        {
            await gate.Task;
            return (200, "");
        });
        const string Small = "  - { name: maxSize, value: 1Mi }";
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub("pubsub.embedded", Small));
        var accepted = 0;

        (var refusal, accepted) = await UntilRefusedAsync(sidecar, accepted);
        refusal.Status.ShouldBe(HttpStatusCode.InsufficientStorage);
        refusal.Body.ShouldContain($"app lags {accepted} events behind on orders");

        var bulk = await sidecar.SendAsync(
            "/v1.0/publish/bulk/pubsub/orders", $$"""[{"entryId":"first","event":{"n":-1,"x":"{{Large}}"},"contentType":"application/json"}]""");
        bulk.Status.ShouldBe(HttpStatusCode.InsufficientStorage);
        JsonDocument.Parse(bulk.Body).RootElement.GetProperty("failedEntries")[0].GetProperty("entryId").GetString().ShouldBe("first");

        gate.SetResult();
        (await ReceivedAsync(app, accepted)).ShouldBe(Enumerable.Range(0, accepted));
        await Eventually(async () => (await PublishLargeAsync(sidecar, accepted)).Status == HttpStatusCode.NoContent);
        N(await app.NextAsync("/orders")).ShouldBe(accepted);
    }

    [Theory]
    [InlineData("pubsub.in-memory")]
    [InlineData("pubsub.embedded")]
    public async Task Reload_WithAHandlerThatNeverAnswers_CutsItOffAndGoesOn(string type)
    {
        await using var app = await AppUnderTest.StartAsync(Orders);
        HangAt(app, "/orders");
        var folder = SidecarUnderTest.NewFolder();
        await using var sidecar = await SidecarUnderTest.StartAsync(
            app.Port, SidecarUnderTest.PubSub(type), options => options with { GracefulShutdown = TimeSpan.FromMilliseconds(300) }, folder);
        await sidecar.PublishAsync("orders", new { n = 1 });
        await app.NextAsync("/orders");

        app.Answer("/orders", _ => (200, ""));
        await ChangePoliciesAsync(sidecar, folder);

        // On the durable broker the event itself comes again; in memory it was given up with its subscription.
        await Eventually(async () =>
        {
            await (type == "pubsub.embedded" ? Task.CompletedTask : sidecar.PublishAsync("orders", new { n = 1 }));
            return app.Waiting("/orders") > 0;
        });
        N(await app.NextAsync("/orders")).ShouldBe(1);
    }

    [Theory]
    [InlineData("pubsub.in-memory")]
    [InlineData("pubsub.embedded")]
    public async Task Stop_DuringAReloadThatWaitsForAHungHandler_EndsWhenTheGraceIsOver(string type)
    {
        await using var app = await AppUnderTest.StartAsync(Orders);
        HangAt(app, "/orders");
        var folder = SidecarUnderTest.NewFolder();
        await using var sidecar = await SidecarUnderTest.StartAsync(
            app.Port, SidecarUnderTest.PubSub(type), options => options with { GracefulShutdown = TimeSpan.FromSeconds(2) }, folder);
        await sidecar.PublishAsync("orders", new { n = 1 });
        await app.NextAsync("/orders");
        await ChangePoliciesAsync(sidecar, folder);

        await sidecar.Sidecar.StopAsync(Token).WaitAsync(Patience, Token);
    }

    [Theory]
    [InlineData("pubsub.in-memory")]
    [InlineData("pubsub.embedded")]
    public async Task ExpiredEvent_WithADeadLetterTopic_IsNotDelivered(string type)
    {
        await using var app = await AppUnderTest.StartAsync("""[{"pubsubname":"pubsub","topic":"orders","route":"/orders","deadLetterTopic":"dead"}]""");
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub(type));

        await sidecar.PublishAsync("orders", new { n = 1 }, "?metadata.ttl=-1s");
        await sidecar.PublishAsync("orders", new { n = 2 });

        N(await app.NextAsync("/orders")).ShouldBe(2);
    }

    [Fact]
    public async Task AppMaxConcurrency_EventsThatWaitForTheirTurn_SpendNoTry()
    {
        var topics = Enumerable.Range(1, 4).Select(static n => $"t{n}").ToList();
        await using var app = await AppUnderTest.StartAsync(
            JsonSerializer.Serialize(topics.Select(static topic => new { pubsubname = "pubsub", topic, route = "/" + topic })));
        topics.ForEach(topic => app.Answer("/" + topic, async _ =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(800), TimeProvider.System, Token);
            return (200, "");
        }));
        const string Strict = "  - { name: lease, value: 1500ms }\n  - { name: maxDeliveries, value: \"1\" }";
        await using var sidecar = await SidecarUnderTest.StartAsync(
            app.Port, SidecarUnderTest.PubSub("pubsub.embedded", Strict), static options => options with { AppMaxConcurrency = 1 });

        await Task.WhenAll(topics.Select(topic => sidecar.PublishAsync(topic, new { n = 1 })));

        foreach (var topic in topics)
        {
            N(await app.NextAsync("/" + topic)).ShouldBe(1);
        }
    }

    [Fact]
    public async Task BulkSubscription_OfOneEvent_IsABatchOfOne()
    {
        await using var app = await AppUnderTest.StartAsync(
            """[{"pubsubname":"pubsub","topic":"orders","route":"/orders","bulkSubscribe":{"enabled":true,"maxMessagesCount":1,"maxAwaitDurationMs":200}}]""");
        app.Answer("/orders", request => (200, JsonSerializer.Serialize(new
        {
            statuses = request.Body.GetProperty("entries").EnumerateArray().Select(entry => new { entryId = entry.GetProperty("entryId").GetString(), status = "SUCCESS" }),
        })));
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub("pubsub.embedded"));

        await sidecar.SendAsync("/v1.0/publish/bulk/pubsub/orders", """
            [{"entryId":"1","event":{"n":1},"contentType":"application/json"},{"entryId":"2","event":{"n":2},"contentType":"application/json"}]
            """);

        foreach (var _ in Enumerable.Range(1, 2))
        {
            (await app.NextAsync("/orders")).Body.GetProperty("entries").GetArrayLength().ShouldBe(1);
        }
    }

    [Fact]
    public async Task Publisher_ThatHangsUpWhileItsEventIsWritten_HarmsNobody()
    {
        await using var app = await AppUnderTest.StartAsync(Orders);
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub("pubsub.embedded"));
        var body = JsonSerializer.Serialize(new { n = 1 });
        var request = Encoding.ASCII.GetBytes(
            $"POST /v1.0/publish/pubsub/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        for (var i = 0; i < 50; i++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new(true, 0) };
            await socket.ConnectAsync(IPAddress.Loopback, sidecar.Sidecar.HttpPort, Token);
            await socket.SendAsync(request, Token);
        }

        await sidecar.PublishAsync("orders", new { n = 2 });

        var seen = 0;
        while (seen != 2)
        {
            seen = N(await app.NextAsync("/orders"));
            seen.ShouldBeOneOf(1, 2);
        }
    }

    [Fact]
    public async Task Topic_LongerThanTheBrokerTakes_IsRefusedClearly()
    {
        await using var sidecar = await SidecarUnderTest.StartAsync(null, SidecarUnderTest.PubSub("pubsub.embedded"));

        var (status, body) = await sidecar.SendAsync($"/v1.0/publish/pubsub/{new string('t', 600)}", "{}");

        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        body.ShouldContain("512");
    }

    private static void HangAt(AppUnderTest app, string path) => app.Answer(path, async request =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, request.Aborted);
        return (200, "");
    });

    /// <summary>Writes a new policy, and returns when the sidecar takes it: a component that came with it is there.</summary>
    private static async Task ChangePoliciesAsync(SidecarUnderTest sidecar, DirectoryInfo folder)
    {
        const string Changed = """
              policies:
                retries: { again: { policy: constant, duration: 20ms, maxRetries: 3 } }
              targets:
                components: { pubsub: { inbound: { retry: again } } }
            """;
        var store = SidecarUnderTest.PubSub("state.in-memory").Replace("name: pubsub", "name: store", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "resources", "more.yaml"), SidecarUnderTest.Resiliency(Changed) + store, Token);
        await Eventually(async () => (await sidecar.Http.GetAsync("/v1.0/state/store/key", Token)).StatusCode == HttpStatusCode.NoContent);
    }

    /// <summary>The first refusal, and the number that was refused: those before it were accepted.</summary>
    private static async Task<((HttpStatusCode Status, string Body) Refusal, int Number)> UntilRefusedAsync(SidecarUnderTest sidecar, int number)
    {
        for (var end = number + 200; number < end; number++)
        {
            var answer = await PublishLargeAsync(sidecar, number);
            if (answer.Status != HttpStatusCode.NoContent)
            {
                return (answer, number);
            }
        }

        throw new InvalidOperationException("Everything was accepted.");
    }

    private static async Task<(HttpStatusCode Status, string Body)> PublishLargeAsync(SidecarUnderTest sidecar, int number)
    {
        using var answer = await sidecar.Http.PostAsJsonAsync("/v1.0/publish/pubsub/orders?metadata.partitionKey=one", new { n = number, x = Large }, Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private static async Task<List<int>> ReceivedAsync(AppUnderTest app, int count)
    {
        var numbers = new List<int>();
        while (numbers.Count < count)
        {
            numbers.Add(N(await app.NextAsync("/orders")));
        }

        return numbers;
    }

    private static int N(AppRequest request) => request.Body.GetProperty("data").GetProperty("n").GetInt32();

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}

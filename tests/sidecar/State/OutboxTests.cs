using System.Net;
using HmsMesh.Sidecar.Tests.PubSub;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Tests.State;

public class OutboxTests
{
    private const string Subscribe = """[{"pubsubname":"pubsub","topic":"orders","route":"/orders"}]""";
    private const string Transaction = "/v1.0/state/store/transaction";

    [Theory]
    [InlineData("state.in-memory", "pubsub.in-memory")]
    [InlineData("state.sqlite", "pubsub.embedded")]
    public async Task Transaction_WithMetadata_IsTheEnvelopesButForDataAndId(string store, string broker)
    {
        await using var app = await AppUnderTest.StartAsync(Subscribe);
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub(broker) + Store(store));
        var body = """
            {"operations":[
              {"operation":"upsert","request":{"key":"1","value":{"n":1},"contentType":"application/json",
                "metadata":{"type":"claim.approved","subject":"claim-1","outbox.cloudevent.myapp":"myapp1","data":"a","id":"b"}}},
              {"operation":"delete","request":{"key":"2"}}],
             "metadata":{}}
            """;
        (await sidecar.SendAsync(Transaction, body)).Status.ShouldBe(HttpStatusCode.NoContent);

        var envelope = (await app.NextAsync("/orders")).Body;
        envelope.GetProperty("data").GetProperty("n").GetInt32().ShouldBe(1);
        envelope.GetProperty("datacontenttype").GetString().ShouldBe("application/json");
        envelope.GetProperty("type").GetString().ShouldBe("claim.approved");
        envelope.GetProperty("subject").GetString().ShouldBe("claim-1");
        envelope.GetProperty("outbox.cloudevent.myapp").GetString().ShouldBe("myapp1");
        envelope.GetProperty("id").GetString()!.ShouldStartWith("outbox-");
        envelope.GetProperty("topic").GetString().ShouldBe("orders");
        app.Waiting("/orders").ShouldBe(0);
    }

    [Fact]
    public async Task Transaction_OfOneKey_IsPublishedInOrder()
    {
        await using var app = await AppUnderTest.StartAsync(Subscribe);
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub("pubsub.embedded") + Store("state.sqlite"));
        for (var n = 0; n < 40; n++)
        {
            (await sidecar.SendAsync(Transaction, Upsert("k", $"{n}"))).Status.ShouldBe(HttpStatusCode.NoContent);
        }

        for (var n = 0; n < 40; n++)
        {
            (await app.NextAsync("/orders")).Body.GetProperty("data").GetString().ShouldBe($"{n}");
        }
    }

    [Theory]
    [InlineData("", "pubsub another is not found", "another")]
    [InlineData("  - name: publishingScopes\n    value: \"app=invoices\"", "topic orders is not allowed for app id app", "pubsub")]
    public async Task Transaction_WhoseEventCannotBeSaid_ChangesNothing(string metadata, string problem, string pubSub)
    {
        await using var sidecar = await SidecarUnderTest.StartAsync(
            null, SidecarUnderTest.PubSub("pubsub.embedded", metadata) + Store("state.sqlite", pubSub));
        var (status, body) = await sidecar.SendAsync(Transaction, Upsert("k", "1"));
        status.ShouldBe(HttpStatusCode.InternalServerError);
        body.ShouldContain("ERR_PUBLISH_OUTBOX");
        body.ShouldContain(problem);
        (await sidecar.Http.GetAsync("/v1.0/state/store/k", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Start_AfterACrashBetweenCommitAndPublish_PublishesWhatWasLeft()
    {
        var folder = SidecarUnderTest.NewFolder();
        var resources = SidecarUnderTest.PubSub("pubsub.embedded") + Store("state.sqlite");
        await (await SidecarUnderTest.StartAsync(null, resources, folder: folder)).DisposeAsync();

        // As a transaction leaves it that is committed, and whose sidecar dies there.
        Run(folder, "INSERT INTO state_outbox (app, pubsub, topic, id, source, order_key, data, saved) "
            + "VALUES ('app', 'pubsub', 'orders', 'outbox-1', 'app', 'k', '{\"id\":\"outbox-1\",\"data\":\"left\",\"type\":\"t\",\"source\":\"app\",\"specversion\":\"1.0\"}', '2026-01-01')");

        await using var app = await AppUnderTest.StartAsync(Subscribe);
        await using (await SidecarUnderTest.StartAsync(app.Port, resources, folder: folder))
        {
            (await app.NextAsync("/orders")).Body.GetProperty("data").GetString().ShouldBe("left");
        }

        Run(folder, "SELECT count(*) FROM state_outbox").ShouldBe(0L);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Transaction_WhileTheBrokersDiskIsFull_IsPublishedWhenThereIsRoom()
    {
        using var disk = SmallDisk.Mount();
        var folder = SidecarUnderTest.NewFolder();
        await using var app = await AppUnderTest.StartAsync(Subscribe);
        var resources = (SidecarUnderTest.PubSub("pubsub.embedded") + Store("state.sqlite")).Replace("DIR/broker", $"{disk.Folder.FullName}/broker", StringComparison.Ordinal);
        await using (var sidecar = await SidecarUnderTest.StartAsync(app.Port, resources, folder: folder))
        {
            disk.Fill();
            var big = new string('x', 300_000);
            for (var n = 0; n < 20; n++)
            {
                (await sidecar.SendAsync(Transaction, Upsert($"k{n}", $"\"{big}\""))).Status.ShouldBe(HttpStatusCode.NoContent);
            }

            disk.MakeRoom();
            for (var n = 0; n < 5; n++)
            {
                (await app.NextAsync("/orders")).Body.GetProperty("data").GetString()!.Length.ShouldBe(big.Length);
            }
        }

        folder.Delete(recursive: true);
    }

    private static string Store(string type, string pubSub = "pubsub") => $"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: store
        spec:
          type: {type}
          version: v1
          metadata:
          - name: connectionString
            value: "DIR/state.db"
          - name: outboxPublishPubsub
            value: "{pubSub}"
          - name: outboxPublishTopic
            value: "orders"

        """;

    private static string Upsert(string key, string value) =>
        $$"""{"operations":[{"operation":"upsert","request":{"value":{{value}},"key":"{{key}}"} }]}""";

    private static object? Run(DirectoryInfo folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "state.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}

using System.Net;
using System.Text.Json;

namespace HmsMesh.Sidecar.Tests.PubSub;

/// <summary>pubsub.embedded with contracts: what breaks one is refused, however it is published, and nothing of it is in the topic.</summary>
public class ContractGateTests
{
    private const string Topic = "/v1.0/publish/pubsub/claim.approved";
    private const string Good = """{"claimId":"c-1","amount":600}""";
    private const string Subscribe = """[{"pubsubname":"pubsub","topic":"claim.approved","route":"/approved"},{"pubsubname":"pubsub","topic":"free","route":"/free"}]""";
    private const string CloudEvent = "application/cloudevents+json";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", """{"claimId":"c-1","amount":0}""", "application/json", "/amount")]
    [InlineData("", """{"claimId":"c-1"}""", "application/json", "/amount")]
    [InlineData("", """{"claimId":7,"amount":5}""", "application/json", "/claimId")]
    [InlineData("", """{"claimId":"c-1","amount":600}""", "text/plain", "")]
    [InlineData("", """{"claimId":"c-1","amount":600""", "application/json", "")]
    [InlineData("", "", "application/json", "")]
    [InlineData("", """{"specversion":"1.0","id":"1","type":"t","source":"s","data":{"claimId":"c-1","amount":0}}""", CloudEvent, "/amount")]
    [InlineData("", """{"specversion":"1.0","id":"1","type":"t","source":"s"}""", CloudEvent, "")]
    [InlineData("", """{"specversion":"1.0","id":"1","type":"gov.hms.claim.approved.v2","source":"s","data":{"another":1}}""", CloudEvent, "/claimId")]
    [InlineData("", """{"specversion":"1.0","id":"1","type":"t","source":"s","data":{"claimId":"c","amount":9},"data":{"claimId":"c","amount":0}}""", CloudEvent, "/amount")]
    [InlineData("?metadata.rawPayload=true", """{"claimId":"c-1","amount":0}""", "application/json", "/amount")]
    [InlineData("", """{"specversion":"1.0","id":"1","type":"t","source":"s","data":{"claimId":"c","amount":9},"data_base64":"eyJjbGFpbUlkIjoiYyIsImFtb3VudCI6MH0="}""", CloudEvent, "")]
    [InlineData("?metadata.rawPayload=true", """{"specversion":"1.0","id":"1","type":"t","source":"s","data":{"claimId":"c-1","amount":0}}""", "application/json", "/amount")]
    [InlineData("?metadata.rawPayload=true", """{"specversion":"1.0","id":"1","type":"t","source":"s","data":{"claimId":"c","amount":9},"data_base64":"e30="}""", CloudEvent, "")]
    [InlineData("?metadata.rawPayload=true", """{"specversion":"1.0","id":1,"type":"t","source":"s","data":{"claimId":"c-1","amount":9}}""", "application/json", "/claimId")]
    [InlineData("?metadata.rawPayload=true", """{"specversion":"1.0","data":{"claimId":"c-1","amount":9}}""", CloudEvent, "/claimId")]
    [InlineData("?metadata.rawPayload=true", "no JSON", "application/octet-stream", "")]
    public async Task Publish_BreaksTheContract_IsRefusedWithThePointer(string query, string body, string type, string pointer)
    {
        await using var app = await AppUnderTest.StartAsync(Subscribe);
        using var contracts = new Contracts();
        await using var sidecar = await StartAsync(app, contracts);
        var (status, answer) = await sidecar.SendAsync(Topic + query, body, type);
        status.ShouldBe(HttpStatusCode.UnprocessableEntity, answer);
        var fault = JsonElement.Parse(answer);
        fault.GetProperty("errorCode").GetString().ShouldBe("ERR_PUBSUB_CONTRACT");
        fault.GetProperty("details").EnumerateArray().First(static detail => detail.TryGetProperty("field_violations", out _))
            .GetProperty("field_violations")[0].GetProperty("field").GetString().ShouldBe(pointer);
        fault.GetProperty("message").GetString()!.ShouldContain("claim.approved");

        // What is delivered first is what came first: nothing of the broken one is in the topic.
        (await sidecar.SendAsync(Topic, Good)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await app.NextAsync("/approved")).Body.GetProperty("data").GetProperty("amount").GetInt32().ShouldBe(600);
    }

    [Theory]
    [InlineData("", Good, "application/json")]
    [InlineData("", """{"specversion":"1.0","id":"1","type":"t","source":"s","data":{"claimId":"c-1","amount":600}}""", CloudEvent)]
    [InlineData("", """{"specversion":"1.0","id":"1","type":"t","source":"s","data_base64":"eyJjbGFpbUlkIjoiYyIsImFtb3VudCI6Nn0="}""", CloudEvent)]
    [InlineData("", """{"specversion":"1.0","type":"t","source":"s","data":{"claimId":"c-1","amount":600},"data_base64":null}""", CloudEvent)]
    [InlineData("?metadata.rawPayload=true", Good, "application/json")]
    [InlineData("?metadata.rawPayload=true", """{"specversion":"of a claim","claimId":"c-1","amount":600}""", "application/json")]
    [InlineData("?metadata.rawPayload=true", """{"specversion":"1.0","id":"1","type":"t","source":"s","data":{"claimId":"c-1","amount":600}}""", "application/json")]
    public async Task Publish_KeepsToTheContract_IsAccepted(string query, string body, string type)
    {
        using var contracts = new Contracts();
        await using var sidecar = await StartAsync(null, contracts);
        var (status, answer) = await sidecar.SendAsync(Topic + query, body, type);
        status.ShouldBe(HttpStatusCode.NoContent, answer);
    }

    [Fact]
    public async Task Publish_TopicWithoutContract_IsFree()
    {
        using var contracts = new Contracts();
        await using var sidecar = await StartAsync(null, contracts);
        (await sidecar.SendAsync("/v1.0/publish/pubsub/free", """{"anything":true}""")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await sidecar.SendAsync("/v1.0/publish/pubsub/app.dead", "")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task BulkPublish_SomeBreakIt_OnlyThoseAreRefused()
    {
        await using var app = await AppUnderTest.StartAsync(Subscribe);
        using var contracts = new Contracts();
        await using var sidecar = await StartAsync(app, contracts);
        var body = $$"""
            [{"entryId":"1","event":{{Good}},"contentType":"application/json"},
             {"entryId":"2","event":{"claimId":"c-2","amount":0},"contentType":"application/json"},
             {"entryId":"3","event":{"claimId":"c-3","amount":3},"contentType":"application/json"},
             {"entryId":"4","event":"text","contentType":"text/plain"}]
            """;
        var (status, answer) = await sidecar.SendAsync("/v1.0/publish/bulk/pubsub/claim.approved", body);
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var failed = JsonElement.Parse(answer).GetProperty("failedEntries").EnumerateArray().ToList();
        failed.ConvertAll(static entry => entry.GetProperty("entryId").GetString()).ShouldBe(["2", "4"]);
        failed[0].GetProperty("error").GetString()!.ShouldContain("/amount");
        JsonElement.Parse(answer).GetProperty("errorCode").GetString().ShouldBe("ERR_PUBSUB_CONTRACT");
        var got = new[] { await app.NextAsync("/approved"), await app.NextAsync("/approved") };
        got.Select(static event_ => event_.Body.GetProperty("data").GetProperty("amount").GetInt32()).Order().ShouldBe([3, 600]);
        app.Waiting("/approved").ShouldBe(0);
    }

    [Fact]
    public async Task Transaction_WhoseEventBreaksIt_ChangesNothing()
    {
        using var contracts = new Contracts();
        const string Store = """
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: {name: store}
            spec:
              type: state.in-memory
              version: v1
              metadata: [{name: outboxPublishPubsub, value: pubsub}, {name: outboxPublishTopic, value: claim.approved}]
            """;
        await using var sidecar = await StartAsync(null, contracts, Store);
        var (status, answer) = await sidecar.SendAsync(
            "/v1.0/state/store/transaction",
            """{"operations":[{"operation":"upsert","request":{"key":"k","value":{"claimId":"c","amount":0},"contentType":"application/json"}}]}""");
        status.ShouldBe(HttpStatusCode.UnprocessableEntity, answer);
        (await sidecar.Http.GetAsync("/v1.0/state/store/k", Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Contract_ChangedWhileRunning_HoldsAndABrokenOneLeavesItAsItWas()
    {
        using var contracts = new Contracts();
        await using var sidecar = await StartAsync(null, contracts);
        (await sidecar.SendAsync(Topic, """{"claimId":"c","amount":700}""")).Status.ShouldBe(HttpStatusCode.NoContent);

        contracts.Write("claim.approved", maximum: 650);
        await UntilAsync(sidecar, """{"claimId":"c","amount":700}""", HttpStatusCode.UnprocessableEntity);

        await File.WriteAllTextAsync(contracts.File("claim.approved"), "{ no contract", Token);
        contracts.Write("free", maximum: 10);
        await UntilAsync(sidecar, """{"claimId":"c","amount":20}""", HttpStatusCode.UnprocessableEntity, "free");
        (await sidecar.SendAsync(Topic, """{"claimId":"c","amount":700}""")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await sidecar.SendAsync(Topic, Good)).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Publish_ContractThatIsNone_IsRefusedAndNamesTheFile()
    {
        using var contracts = new Contracts();
        await File.WriteAllTextAsync(contracts.File("claim.approved"), """{"type":"object","if":{}}""", Token);
        await using var sidecar = await StartAsync(null, contracts);
        var (status, answer) = await sidecar.SendAsync(Topic, Good);
        status.ShouldBe(HttpStatusCode.InternalServerError);
        answer.ShouldContain(contracts.File("claim.approved"));
    }

    [Fact]
    public async Task Start_FolderThatIsNotThere_NamesIt()
    {
        var fault = await Should.ThrowAsync<SidecarException>(static () =>
            SidecarUnderTest.StartAsync(null, SidecarUnderTest.PubSub("pubsub.embedded", "  - name: contracts\n    value: \"DIR/nowhere\"")));
        fault.Message.ShouldContain("/nowhere");
        fault.Message.ShouldContain("'contracts'");
    }

    private static Task<SidecarUnderTest> StartAsync(AppUnderTest? app, Contracts contracts, string more = "") =>
        SidecarUnderTest.StartAsync(
            app?.Port, SidecarUnderTest.PubSub("pubsub.embedded", $"  - name: contracts\n    value: \"{contracts.Root}\"") + more);

    private static async Task UntilAsync(SidecarUnderTest sidecar, string body, HttpStatusCode status, string topic = "claim.approved")
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while ((await sidecar.SendAsync($"/v1.0/publish/pubsub/{topic}", body)).Status != status)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>A tree like that of services/, with a contract in it.</summary>
    private sealed class Contracts : IDisposable
    {
        private readonly DirectoryInfo _root = SidecarUnderTest.NewFolder();

        public Contracts()
        {
            Directory.CreateDirectory(Path.Combine(_root.FullName, "claims", "contracts"));
            Write("claim.approved", maximum: 1000);
        }

        public string Root => _root.FullName;

        public string File(string topic) => Path.Combine(Root, "claims", "contracts", $"{topic}.json");

        public void Write(string topic, int maximum) => System.IO.File.WriteAllText(File(topic), $$"""
            {"type":"object","required":["claimId","amount"],
             "properties":{"claimId":{"type":"string"},"amount":{"type":"number","minimum":1,"maximum":{{maximum}} } },
             "examples":[{"claimId":"c","amount":1}]}
            """);

        public void Dispose() => _root.Delete(recursive: true);
    }
}

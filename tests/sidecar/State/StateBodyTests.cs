using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using HmsMesh.Sidecar.Tests.Core;

namespace HmsMesh.Sidecar.Tests.State;

/// <summary>Bodies that are none: each is refused, and nothing of it is stored.</summary>
public class StateBodyTests
{
    [Theory]
    [InlineData("", "ERR_MALFORMED_REQUEST")]
    [InlineData("[", "ERR_MALFORMED_REQUEST")]
    [InlineData("[{\"key\":\"a\",\"value\":1}", "ERR_MALFORMED_REQUEST")]
    [InlineData("{\"key\":\"a\",\"value\":1}", "ERR_MALFORMED_REQUEST")]
    [InlineData("[{\"key\":\"a\",\"value\":1},{\"value\":2}]", "required field")]
    [InlineData("[{\"key\":\"a\",\"value\":1},{\"key\":\"x||y\",\"value\":2}]", "||")]
    [InlineData("[{\"key\":\"a\",\"value\":1},{\"key\":7,\"value\":2}]", "ERR_MALFORMED_REQUEST")]
    [InlineData("[{\"key\":\"a\",\"value\":1},{\"key\":\"b\",\"value\":2,\"options\":{\"concurrency\":\"never\"}}]", "unrecognized concurrency")]
    [InlineData("[{\"key\":\"a\",\"value\":1},{\"key\":\"b\",\"value\":2,\"metadata\":{\"ttlInSeconds\":\"soon\"}}]", "ttlInSeconds")]
    public async Task Save_BodyThatIsNone_IsRefusedAsAWhole(string body, string problem)
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(StateStoreUnderTest.Files(data));
        var (status, answer) = await SendAsync(host, "/v1.0/state/store", body);
        ((int)status).ShouldBeInRange(400, 599);
        answer.ShouldContain(problem);
        (await host.ReadAsync("a")).ShouldBe("");
    }

    [Fact]
    public async Task Save_DeepJson_IsRefused()
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(StateStoreUnderTest.Files(data));
        var deep = new string('[', 100_000) + new string(']', 100_000);
        (await SendAsync(host, "/v1.0/state/store", $$"""[{"key":"a","value":{{deep}}}]""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var fine = new string('[', 400) + new string(']', 400);
        (await SendAsync(host, "/v1.0/state/store", $$"""[{"key":"a","value":{{fine}}}]""")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await host.ReadAsync("a")).ShouldBe(fine);
    }

    [Theory]
    [InlineData("/v1.0/state/store/bulk", "{\"keys\":[KEYS]}", "\"k\"")]
    [InlineData("/v1.0/state/store/transaction", "{\"operations\":[KEYS]}", "{\"operation\":\"delete\",\"request\":{\"key\":\"k\"}}")]
    public async Task Call_FloodOfKeys_IsRefused(string path, string body, string key)
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(StateStoreUnderTest.Files(data));
        var (status, answer) = await SendAsync(host, path, body.Replace("KEYS", string.Join(',', Enumerable.Repeat(key, 10_001)), StringComparison.Ordinal));
        status.ShouldBe(HttpStatusCode.BadRequest);
        answer.ShouldContain("10000");
    }

    [Fact]
    public async Task Save_LargeValue_IsKeptToTheLastByteAndATooLargeOneRefused()
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(StateStoreUnderTest.Files(data));
        var value = new string('x', 3_900_000);
        (await host.SaveAsync("large", value)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await host.ReadAsync("large")).ShouldBe($"\"{value}\"");
        (await host.SaveAsync("larger", value + value)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await host.ReadAsync("larger")).ShouldBe("");
    }

    [Theory]
    [InlineData("""[{"key":"\ud800","value":1}]""")]
    [InlineData("""[{"key":"a","value":{"b":"\udc00"}}]""")]
    [InlineData("""[{"\ud800":1,"contentType":{}},{}]""")]
    public async Task Save_HalfASurrogatePair_IsRefused(string body)
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(StateStoreUnderTest.Files(data));

        using var answer = await host.Http.PostAsync("/v1.0/state/store", new StringContent(body, Encoding.UTF8, "application/json"), CoreHost.Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(CoreHost.Token)).ShouldContain("not Unicode");
        (await host.ReadAsync("a")).ShouldBe("");
    }

    [Fact]
    public async Task Save_BodyHalfSent_StoresNothing()
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(StateStoreUnderTest.Files(data));
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, host.Sidecar.HttpPort, CoreHost.Token);
            const string Half = "POST /v1.0/state/store HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[{\"key\":\"a\",\"value\":1}]";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Half), CoreHost.Token);
        }

        (await host.SaveAsync("b", 1)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await host.ReadAsync("a")).ShouldBe("");
    }

    [Theory]
    [InlineData("state.in-memory")]
    [InlineData("state.sqlite")]
    public async Task Query_OfEitherStore_IsNotSupportedAsWithDaprd(string type)
    {
        using var data = new Folder();
        await using var host = await CoreHost.StartAsync(new() { ["store.yaml"] = CoreHost.Component("store", type, $"name: connectionString, value: '{data.At("state.db")}'") });
        var (status, answer) = await SendAsync(host, "/v1.0-alpha1/state/store/query", """{"filter":{"EQ":{"a":1}}}""");
        status.ShouldBe(HttpStatusCode.InternalServerError);
        JsonElement.Parse(answer).GetProperty("errorCode").GetString().ShouldBe("ERR_STATE_STORE_NOT_SUPPORTED");
        (await SendAsync(host, "/v1.0-alpha1/state/none/query", "{}")).Body.ShouldContain("ERR_STATE_STORE_NOT_FOUND");
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(CoreHost host, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await host.Http.PostAsync(path, content, CoreHost.Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(CoreHost.Token));
    }
}

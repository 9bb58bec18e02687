using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace HmsMesh.Sidecar.Tests.Core;

public class CoreLimitsTests
{
    private static readonly Dictionary<string, string> Store = new() { ["store.yaml"] = CoreHost.Component("store", "state.in-memory") };

    [Fact]
    public async Task Save_BodyOverTheLimit_IsRefusedAndNothingIsKept()
    {
        await using var host = await CoreHost.StartAsync(Store, static options => options with { MaxBodySize = 64 << 10 });
        var large = new[] { new { key = "a", value = new string('x', 70_000) } };
        var answer = await host.Http.PostAsJsonAsync("/v1.0/state/store", large, CoreHost.Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(CoreHost.Token)).GetProperty("errorCode").GetString().ShouldBe("ERR_MALFORMED_REQUEST");
        (await host.Http.GetAsync("/v1.0/state/store/a", CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var fits = new[] { new { key = "a", value = new string('x', 60_000) } };
        (await host.Http.PostAsJsonAsync("/v1.0/state/store", fits, CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Save_EndlessBodyInChunks_IsCutOffAtTheLimit()
    {
        await using var host = await CoreHost.StartAsync(Store, static options => options with { MaxBodySize = 64 << 10 });
        using var client = await ConnectAsync(host);
        var stream = client.GetStream();
        await stream.WriteAsync("POST /v1.0/state/store HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), CoreHost.Token);
        var chunk = Encoding.ASCII.GetBytes($"4000\r\n{new string(' ', 0x4000)}\r\n");
        var answer = ReadAsync(stream);
        for (var sent = 0; sent < 1_000 && !answer.IsCompleted; sent++)
        {
            try
            {
                await stream.WriteAsync(chunk, CoreHost.Token);
            }
            catch (IOException)
            {
                break;
            }
        }

        (await answer.WaitAsync(TimeSpan.FromSeconds(10), CoreHost.Token)).ShouldStartWith("HTTP/1.1 400");
        await StillServesAsync(host);
    }

    [Theory]
    [InlineData("X-Many", 64, 200, "HTTP/1.1 431")]
    [InlineData("X-Long", 1, 70_000, "HTTP/1.1 431")]
    public async Task Call_HeaderFlood_IsRefused(string name, int count, int length, string status)
    {
        await using var host = await CoreHost.StartAsync(Store);
        var headers = string.Concat(Enumerable.Range(0, count).Select(at => $"{name}-{at}: {new string('x', length)}\r\n"));
        (await ExchangeAsync(host, $"GET /v1.0/metadata HTTP/1.1\r\nHost: x\r\n{headers}\r\n")).ShouldStartWith(status);
        await StillServesAsync(host);
    }

    [Fact]
    public async Task Call_HeadersWithinReadBufferSize_AreTaken()
    {
        await using var host = await CoreHost.StartAsync(Store, static options => options with { ReadBufferSize = 64 << 10 });
        (await ExchangeAsync(host, $"GET /v1.0/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Long: {new string('x', 60_000)}\r\n\r\n")).ShouldStartWith("HTTP/1.1 204");
    }

    [Theory]
    [InlineData("GET /v1.0/state/store/", "HTTP/1.1 414")]
    [InlineData("\u0001\u0002\u0003", "HTTP/1.1 400")]
    public async Task Call_NoRequestLineOfUse_IsRefused(string start, string status)
    {
        await using var host = await CoreHost.StartAsync(Store);
        var line = start.StartsWith("GET", StringComparison.Ordinal) ? $"{start}{new string('k', 40_000)} HTTP/1.1\r\n" : $"{start}\r\n";
        (await ExchangeAsync(host, $"{line}Host: x\r\n\r\n")).ShouldStartWith(status);
        await StillServesAsync(host);
    }

    [Fact]
    public async Task Save_ClientThatHangsUpHalfWay_ChangesNothing()
    {
        await using var host = await CoreHost.StartAsync(Store);
        for (var at = 0; at < 20; at++)
        {
            using var client = await ConnectAsync(host);
            await client.GetStream().WriteAsync("POST /v1.0/state/store HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n[{\"key\":\"a\",\"value\":1}]"u8.ToArray(), CoreHost.Token);
            client.Client.Close(0);
        }

        await StillServesAsync(host);
        (await host.Http.GetAsync("/v1.0/state/store/a", CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        host.Log.Lines.ShouldNotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("GET /v1.0/healthz HTTP/1.1\r\nHo")]
    [InlineData("POST /v1.0/state/store HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n[")]
    public async Task Call_ClientThatStops_IsLeftAfterAWhile(string begun)
    {
        await using var host = await CoreHost.StartAsync(Store);
        using var client = await ConnectAsync(host);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(begun), CoreHost.Token);
        var answer = ReadAsync(stream);
        await StillServesAsync(host);
        (await answer.WaitAsync(TimeSpan.FromSeconds(20), CoreHost.Token)).ShouldStartWith("HTTP/1.1 408");
    }

    [Theory]
    [InlineData("{oops")]
    [InlineData("")]
    [InlineData("{\"key\": \"a\"}")]
    [InlineData("[1]")]
    [InlineData("[{\"key\": 7}]")]
    [InlineData("[{\"value\": 7}]")]
    [InlineData("[{\"key\": \"a||b\"}]")]
    [InlineData("[{\"key\": \"a\", \"options\": {\"concurrency\": 1}}]")]
    public async Task Save_BodyOfAnotherForm_IsMalformed(string body)
    {
        await using var host = await CoreHost.StartAsync(Store);
        var answer = await host.Http.PostAsync("/v1.0/state/store", new StringContent(body, Encoding.UTF8, "application/json"), CoreHost.Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(CoreHost.Token)).GetProperty("errorCode").GetString().ShouldBe("ERR_MALFORMED_REQUEST");
    }

    [Fact]
    public async Task Save_BodyNestedWithoutEnd_IsMalformed()
    {
        await using var host = await CoreHost.StartAsync(Store);
        var body = $"[{{\"key\":\"a\",\"value\":{new string('[', 100_000)}{new string(']', 100_000)}}}]";
        (await host.Http.PostAsync("/v1.0/state/store", new StringContent(body), CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task StillServesAsync(CoreHost host) =>
        (await host.Http.GetAsync("/v1.0/healthz", CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

    private static async Task<TcpClient> ConnectAsync(CoreHost host)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Sidecar.HttpPort, CoreHost.Token);
        return client;
    }

    private static async Task<string> ExchangeAsync(CoreHost host, string request)
    {
        using var client = await ConnectAsync(host);
        var stream = client.GetStream();
        var answer = ReadAsync(stream);
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), CoreHost.Token);
        }
        catch (IOException)
        {
            // The sidecar may hang up before all is sent; what it said counts.
        }

        return await answer.WaitAsync(TimeSpan.FromSeconds(10), CoreHost.Token);
    }

    /// <summary>What the sidecar says until it hangs up, or its first part where it is reset then.</summary>
    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var said = new StringBuilder();
        var buffer = new byte[4_096];
        try
        {
            while (await stream.ReadAsync(buffer, CoreHost.Token) is > 0 and var count)
            {
                said.Append(Encoding.ASCII.GetString(buffer, 0, count));
                if (said.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    break;
                }
            }
        }
        catch (IOException)
        {
            // Reset by the sidecar.
        }

        return said.ToString();
    }
}

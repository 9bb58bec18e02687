using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>Sizes over the limits, half-sent bodies, floods, and a stranger at the port that is for sidecars.</summary>
public class InvocationLimitsTests
{
    private const string Call = "/v1.0/invoke/callee/method/hello";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, 2_000_000)]
    [InlineData(false, 2_000_000)]
    [InlineData(false, 50_000_000)]
    public async Task Invoke_BodyOverTheLimit_IsRefused(bool length, int size)
    {
        await using var app = await CallApp.EchoAsync();
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller", change: static options => options with { MaxBodySize = 1 << 20 });
        await mesh.AddAsync("callee", app.Port);
        using var content = new PushContent(
            async stream =>
            {
                var block = new byte[10_000];
                for (var sent = 0; sent < size; sent += block.Length)
                {
                    await stream.WriteAsync(block, Token);
                }
            },
            length ? size : null);

        try
        {
            using var answer = await caller.PostAsync(Call, content, Token);
            answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
            (await answer.Content.ReadAsStringAsync(Token)).ShouldContain("ERR_DIRECT_INVOKE");
        }
        catch (HttpRequestException)
        {
            // It closes on who goes on sending; the answer may be lost by that.
        }

        (await caller.GetAsync(Call, Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public async Task Invoke_BodyThatBreaksOff_ReachesNobodyAsAWhole(int stated)
    {
        var whole = 0;
        await using var app = await CallApp.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            Interlocked.Increment(ref whole);
        });
        await using var mesh = CallMesh.ByFile();
        var (sidecar, caller) = await mesh.StartAsync("caller");
        await mesh.AddAsync("callee", app.Port);

        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, sidecar.HttpPort, Token);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST {Call} HTTP/1.1\r\nHost: x\r\nContent-Length: {stated}\r\n\r\nhalf of it"), Token);
            client.LingerState = new LingerOption(false, 0);
        }

        // Once another has gone through, the first has had its time.
        using var good = await caller.PostAsync(Call, new StringContent("all"), Token);
        good.StatusCode.ShouldBe(HttpStatusCode.OK, await good.Content.ReadAsStringAsync(Token));
        whole.ShouldBe(1);
    }

    [Fact]
    public async Task Invoke_FloodOfHeaders_IsRefused()
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port);
        using var many = new HttpRequestMessage(HttpMethod.Get, Call);
        for (var i = 0; i < 300; i++)
        {
            many.Headers.Add($"x-{i}", "y");
        }

        using var large = new HttpRequestMessage(HttpMethod.Get, Call);
        large.Headers.Add("x-large", new string('x', 20_000));

        (await caller.SendAsync(many, Token)).StatusCode.ShouldBe(HttpStatusCode.RequestHeaderFieldsTooLarge);
        (await caller.SendAsync(large, Token)).StatusCode.ShouldBe(HttpStatusCode.RequestHeaderFieldsTooLarge);
        app.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task Invoke_AsManyHeadersAsTheApiTakes_ReachTheApp()
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port);
        using var request = new HttpRequestMessage(HttpMethod.Get, Call);
        for (var i = 0; i < 240; i++)
        {
            request.Headers.Add($"x-{i}", "0123456789012345678");
        }

        (await caller.SendAsync(request, Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hms-mesh-token: wrong\r\n")]
    [InlineData("hms-mesh-token: \r\nhms-mesh-app: callee\r\n")]
    [InlineData("hms-mesh-token: 0000000000000000000000000000000000000000000000000000000000000000\r\nhms-mesh-app: callee\r\n")]
    public async Task InternalPort_StrangerWithoutTheToken_IsRefused(string headers)
    {
        await using var app = await CallApp.SayingAsync("hi");
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port);
        (await caller.GetAsync(Call, Token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(NamesTable.Addresses(mesh.NamesFile, "callee").Single()), Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /hello HTTP/1.1\r\nHost: x\r\n{headers}\r\n"), Token);
        using var reader = new StreamReader(stream);

        (await reader.ReadToEndAsync(Token)).ShouldStartWith("HTTP/1.1 401");
        app.Calls.ShouldBe(1);
    }
}

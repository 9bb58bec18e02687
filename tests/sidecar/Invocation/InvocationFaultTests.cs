using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>Apps that answer garbage, half an answer, or never; in one host and through the socket between two sidecars.</summary>
public class InvocationFaultTests
{
    private const string Call = "/v1.0/invoke/callee/method/hello";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Garbage =>
    [
        "garbage\r\n\r\n",
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        $"HTTP/1.1 200 OK\r\n{string.Concat(Enumerable.Range(0, 5_000).Select(static i => $"X-{i}: {new string('y', 30)}\r\n"))}\r\n",
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Invoke_AppThatAnswersGarbage_FailsAsDaprDoes(string answer)
    {
        foreach (var host in (bool[])[false, true])
        {
            await using var app = new RawApp(answer);
            await using var mesh = CallMesh.Of(host);
            var caller = await mesh.AddAsync("caller");
            await mesh.AddAsync("callee", app.Port);

            using var failure = await caller.GetAsync(Call, Token);

            failure.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
            (await failure.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("errorCode").GetString().ShouldBe("ERR_DIRECT_INVOKE");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invoke_AppThatStatesAWrongLength_PassesOnWhatCame(bool host)
    {
        await using var app = new RawApp("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n\"ok\"");
        await using var mesh = CallMesh.Of(host);
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port);

        using var answer = await caller.GetAsync(Call, Token);

        (await answer.Content.ReadAsStringAsync(Token)).ShouldBe("\"ok\"");
        answer.Content.Headers.ContentLength.ShouldBe(4);
    }

    [Theory]
    [InlineData(false, "Content-Length: 9000000")]
    [InlineData(true, "Content-Length: 9000000")]
    [InlineData(false, "Transfer-Encoding: chunked")]
    [InlineData(true, "Transfer-Encoding: chunked")]
    public async Task Invoke_LongAnswerThatBreaksOff_IsNotTakenForTheWhole(bool host, string framing)
    {
        await using var app = new RawApp($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n{framing}\r\n\r\n{(framing[0] == 'T' ? "5\r\n" : "")}hello");
        await using var mesh = CallMesh.Of(host);
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port);

        await Should.ThrowAsync<HttpRequestException>(() => caller.GetStringAsync(Call, Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invoke_AppThatNeverAnswers_IsLeftWhenTheCallerGoes(bool host)
    {
        await using var app = new RawApp(null);
        await using var mesh = CallMesh.Of(host);
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var call = caller.GetAsync(Call, patience.Token);
        patience.CancelAfter(TimeSpan.FromMilliseconds(300));

        await Should.ThrowAsync<OperationCanceledException>(() => call);

        await app.Gone.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invoke_AppThatInjectsHeaders_CannotSpeakForASidecar(bool host)
    {
        await using var app = new RawApp(
            "HTTP/1.1 200 OK\r\nhms-mesh-fault: App\r\nX-Split: a\rX-Injected: 1\r\nX-Null: a\0b\r\nX-Good: ok\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
            + "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nKeep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\nhi");
        await using var mesh = CallMesh.Of(host);
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port);

        using var answer = await caller.GetAsync(Call, Token);

        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.InternalServerError);
        var names = answer.Headers.Select(static header => header.Key).ToList();
        names.ShouldNotContain("X-Injected");
        names.ShouldNotContain("X-Hop");
        names.ShouldNotContain("hms-mesh-fault");
        answer.Headers.GetValues("traceparent").Single().ShouldNotContain("0af7651916cd43dd8448eb211c80319c");
    }

    [Fact]
    public async Task Invoke_HeadersBeyondAscii_PassAsTheyAre()
    {
        await using var app = await CallApp.StartAsync(context =>
        {
            context.Response.Headers["X-Name"] = context.Request.Headers["X-Name"] == "Grüße" ? "same" : "other";
            return Task.CompletedTask;
        });
        await using var mesh = CallMesh.ByFile();
        await mesh.AddAsync("callee", app.Port);
        var (sidecar, _) = await mesh.StartAsync("caller");
        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = static (_, _) => System.Text.Encoding.UTF8 });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{sidecar.HttpPort}{Call}");
        request.Headers.TryAddWithoutValidation("X-Name", "Grüße");

        using var answer = await http.SendAsync(request, Token);

        answer.Headers.GetValues("X-Name").Single().ShouldBe("same");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("%0d%0aX-Injected:%201")]
    [InlineData("'; DROP TABLE hosts; --")]
    [InlineData("http://")]
    [InlineData("http://%20")]
    [InlineData("https://127.0.0.1:1")]
    [InlineData("ü")]
    public async Task Invoke_AbsurdId_IsRefused(string id)
    {
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller");

        using var answer = await caller.GetAsync($"/v1.0/invoke/{id}/method/x", Token);

        ((int)answer.StatusCode).ShouldBeOneOf(404, 500);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("errorCode").GetString().ShouldBe("ERR_DIRECT_INVOKE");
    }

    [Fact]
    public async Task Invoke_IdOfThreeThousandCharacters_IsRefused()
    {
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller");

        using var answer = await caller.GetAsync($"/v1.0/invoke/{new string('x', 3_000)}/method/x", Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Theory]
    [InlineData("HEAD", "HEAD")]
    [InlineData("OPTIONS", "OPTIONS")]
    [InlineData("TRACE", "TRACE")]
    [InlineData("PURGE", "POST")]
    public async Task Invoke_EachVerb_ReachesTheApp(string verb, string expected)
    {
        await using var app = await CallApp.StartAsync(context =>
        {
            context.Response.Headers["X-Verb"] = context.Request.Method;
            return context.Response.WriteAsync("body", context.RequestAborted);
        });
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port);
        using var request = new HttpRequestMessage(new HttpMethod(verb), Call);

        using var answer = await caller.SendAsync(request, Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("X-Verb").Single().ShouldBe(expected);
    }
}

using System.Net;
using System.Net.Http.Json;
using Dapr.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit.Tests;

/// <summary>Dapr's client calls another app through two real sidecars.</summary>
public class InvocationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task InvokeMethod_WithData_HasTheAppsAnswer()
    {
        await using var called = await CalledApp.StartAsync();
        await using var sidecars = new RealSidecars();
        await ReadyAsync(sidecars.StartAsync("claims", appPort: called.Port));
        using var dapr = Client(await ReadyAsync(sidecars.StartAsync("portal")));

        var answer = await dapr.InvokeMethodAsync<Note, Note>("claims", "echo?x=1", new("a"), Ct);

        answer.ShouldBe(new("POST /echo?x=1 a"));
        (await dapr.InvokeMethodAsync<Note>(HttpMethod.Get, "claims", "note", Ct)).ShouldBe(new("GET /note "));
        await dapr.InvokeMethodAsync(HttpMethod.Put, "claims", "/note", new Note("b"), Ct);
        using var request = dapr.CreateInvokeMethodRequest(HttpMethod.Get, "claims", "note", [new("q", "a b&c")]);
        (await dapr.InvokeMethodAsync<Note>(request, Ct)).ShouldBe(new("GET /note?q=a%20b%26c "));
    }

    [Fact]
    public async Task InvokeMethod_AnswerThatIsNoSuccess_ThrowsWithTheAnswer()
    {
        await using var called = await CalledApp.StartAsync();
        await using var sidecars = new RealSidecars();
        await ReadyAsync(sidecars.StartAsync("claims", appPort: called.Port));
        using var dapr = Client(await ReadyAsync(sidecars.StartAsync("portal")));

        var failure = await Should.ThrowAsync<InvocationException>(() => dapr.InvokeMethodAsync("claims", "fail", Ct));

        failure.AppId.ShouldBe("claims");
        failure.MethodName.ShouldBe("fail");
        failure.Response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Should.ThrowAsync<InvocationException>(() => dapr.InvokeMethodAsync<Note>(HttpMethod.Get, "claims", "text", Ct))).InnerException.ShouldNotBeNull();
        (await Should.ThrowAsync<InvocationException>(() => dapr.InvokeMethodAsync<Note>("nobody", "x", Ct))).Response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task InvokeMethodWithResponse_PastTheSidecar_IsRefused()
    {
        using var dapr = new DaprClientBuilder().UseHttpEndpoint("http://127.0.0.1:9").Build();
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:10/x");
        using var there = dapr.CreateInvokeMethodRequest("claims", "x");

        await Should.ThrowAsync<InvalidOperationException>(() => dapr.InvokeMethodWithResponseAsync(elsewhere, Ct));
        (await Should.ThrowAsync<InvocationException>(() => dapr.InvokeMethodWithResponseAsync(there, Ct))).Response.ShouldBeNull();
    }

    [Fact]
    public async Task InvokeHttpClient_HostOfAnApp_CallsIt()
    {
        await using var called = await CalledApp.StartAsync();
        await using var sidecars = new RealSidecars();
        await ReadyAsync(sidecars.StartAsync("Claims", appPort: called.Port));
        var sidecar = await ReadyAsync(sidecars.StartAsync("portal"));
        using var given = DaprClient.CreateInvokeHttpClient("Claims", $"http://127.0.0.1:{sidecar.HttpPort}", RealSidecars.ApiToken);
        using var dapr = Client(sidecar);
        using var own = dapr.CreateInvokableHttpClient("Claims");

        (await given.GetFromJsonAsync<Note>("/note?a=1", Ct)).ShouldBe(new("GET /note?a=1 "));
        (await own.GetFromJsonAsync<Note>("http://claims/note", Ct)).ShouldBe(new("GET /note "));
        Should.Throw<ArgumentException>(() => DaprClient.CreateInvokeHttpClient("a b/c"));
    }

    private static async Task<HmsMesh.Sidecar.MeshSidecar> ReadyAsync(Task<HmsMesh.Sidecar.MeshSidecar> starting)
    {
        var sidecar = await starting;
        await sidecar.Ready.WaitAsync(TimeSpan.FromSeconds(20), Ct);
        return sidecar;
    }

    private static DaprClient Client(HmsMesh.Sidecar.MeshSidecar sidecar) =>
        new DaprClientBuilder().UseHttpEndpoint($"http://127.0.0.1:{sidecar.HttpPort}").UseDaprApiToken(RealSidecars.ApiToken).Build();

    private sealed record Note(string Text);

    private sealed class CalledApp(WebApplication app) : IAsyncDisposable
    {
        public int Port => new Uri(app.Urls.First()).Port;

        public static async Task<CalledApp> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
            var app = builder.Build();
            app.Map("/fail", static () => Results.Conflict());
            app.Map("/text", static () => "no JSON");
            app.Map("/{path}", static async (HttpContext http) =>
            {
                var note = http.Request.HasJsonContentType() ? await http.Request.ReadFromJsonAsync<Note>(http.RequestAborted) : null;
                return Results.Json(new Note($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString} {note?.Text}"));
            });
            await app.StartAsync(Ct);
            return new(app);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}

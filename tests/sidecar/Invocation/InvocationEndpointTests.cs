using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>HTTPEndpoint resources: headers, secrets, redirects, and changes while running.</summary>
public class InvocationEndpointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Endpoint_HeadersAndSecrets_AreSent()
    {
        await using var outside = await CallApp.StartAsync(static context => context.Response.WriteAsync(
            $"{context.Request.Headers["X-Key"]} {context.Request.Headers["X-Secret"]} {context.Request.Headers["dapr-caller-app-id"]} {context.Request.Headers["dapr-api-token"]} {context.Request.Path}",
            context.RequestAborted));
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync(
            "caller",
            resources: $$"""
                apiVersion: dapr.io/v1alpha1
                kind: Component
                metadata:
                  name: env
                spec:
                  type: secretstores.local.env
                  version: v1
                  metadata: []
                ---
                apiVersion: dapr.io/v1alpha1
                kind: HTTPEndpoint
                metadata:
                  name: outside
                spec:
                  baseUrl: http://127.0.0.1:{{outside.Port}}/base/
                  headers:
                  - name: X-Key
                    value: abc
                  - name: X-Secret
                    secretKeyRef: { name: THE_SECRET, key: THE_SECRET }
                auth:
                  secretStore: env
                """,
            change: static options => options with { AppToken = "app-token", Environment = new Dictionary<string, string> { ["THE_SECRET"] = "hidden" } });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.0/invoke/outside/method/ext");
        request.Headers.Add("X-Key", "mine");

        using var answer = await caller.SendAsync(request, Token);

        (await answer.Content.ReadAsStringAsync(Token)).ShouldBe("abc hidden   /base/ext");
        using var metadata = JsonDocument.Parse(await caller.GetStringAsync("/v1.0/metadata", Token));
        metadata.RootElement.GetProperty("httpEndpoints")[0].GetProperty("name").GetString().ShouldBe("outside");
    }

    [Theory]
    [InlineData("baseUrl: ftp://x")]
    [InlineData("headers: []")]
    [InlineData("baseUrl: https://127.0.0.1:1\n  clientTLS: { rootCA: { value: nonsense }, certificate: { value: nonsense } }")]
    public async Task Endpoint_Broken_IsLeftOutAndNamed(string spec)
    {
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller", resources: Endpoint(spec));

        using var answer = await caller.GetAsync("/v1.0/invoke/outside/method/ext", Token);

        (await answer.Content.ReadAsStringAsync(Token)).ShouldContain("no host found");
        mesh.Log.Lines.ShouldContain(static line => line.Contains("HTTPEndpoint 'outside' is left out", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(302, "GET", true)]
    [InlineData(307, "GET", true)]
    [InlineData(303, "POST", true)]
    [InlineData(307, "POST", false)]
    public async Task Endpoint_Redirect_IsFollowedWhereNoBodyGoesTwice(int status, string verb, bool followed)
    {
        await using var outside = await CallApp.StartAsync(context =>
        {
            if (context.Request.Path == "/there")
            {
                return context.Response.WriteAsync(context.Request.Method, context.RequestAborted);
            }

            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/there";
            return Task.CompletedTask;
        });
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller");
        using var request = new HttpRequestMessage(new HttpMethod(verb), $"/v1.0/invoke/http://127.0.0.1:{outside.Port}/method/here");
        if (verb == "POST")
        {
            request.Content = new StringContent("body");
        }

        using var answer = await caller.SendAsync(request, Token);

        ((int)answer.StatusCode).ShouldBe(followed ? 200 : status);
        if (followed)
        {
            (await answer.Content.ReadAsStringAsync(Token)).ShouldBe("GET");
        }
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "hidden")]
    public async Task Endpoint_RedirectToAnotherHost_LeavesItsHeadersBehind(bool same, string seen)
    {
        static Task Say(HttpContext context) => context.Response.WriteAsync($"seen:{context.Request.Headers["X-Key"]}", context.RequestAborted);
        await using var other = await CallApp.StartAsync(Say);
        await using var outside = await CallApp.StartAsync(context =>
        {
            if (context.Request.Path == "/there")
            {
                return Say(context);
            }

            context.Response.Redirect(same ? "/there" : $"http://127.0.0.1:{other.Port}/there");
            return Task.CompletedTask;
        });
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller", resources: Endpoint($"baseUrl: http://127.0.0.1:{outside.Port}\n  headers: [{{ name: X-Key, value: hidden }}]"));

        (await caller.GetStringAsync("/v1.0/invoke/outside/method/here", Token)).ShouldBe($"seen:{seen}");
    }

    [Fact]
    public async Task Endpoint_FileChanges_IsTakenUp()
    {
        await using var one = await CallApp.SayingAsync("1");
        await using var two = await CallApp.SayingAsync("2");
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller", resources: Endpoint($"baseUrl: http://127.0.0.1:{one.Port}"));
        (await caller.GetStringAsync("/v1.0/invoke/outside/method/x", Token)).ShouldBe("1");

        await File.WriteAllTextAsync(Path.Combine(mesh.Folder.Path, "resources-0", "all.yaml"), Endpoint($"baseUrl: http://127.0.0.1:{two.Port}"), Token);

        using var patience = Patience.Of(Token);
        while (await caller.GetStringAsync("/v1.0/invoke/outside/method/x", patience.Token) != "2")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
        }
    }

    [Fact]
    public async Task Endpoint_OfAnAppThatGotAnotherPort_IsCalledThere()
    {
        await using var outside = await CallApp.SayingAsync("there");
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync(
            "caller",
            resources: Endpoint("baseUrl: http://127.0.0.1:6009/base"),
            change: options => options with { Environment = new Dictionary<string, string> { ["MESH_PORTS"] = $"6008=1,6009={outside.Port}" } });

        (await caller.GetStringAsync("/v1.0/invoke/outside/method/x", Token)).ShouldBe("there");
    }

    [Fact]
    public async Task Endpoint_NobodyListens_IsAFault()
    {
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller", resources: Endpoint("baseUrl: http://127.0.0.1:1"));

        using var answer = await caller.GetAsync("/v1.0/invoke/outside/method/x", Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await answer.Content.ReadAsStringAsync(Token)).ShouldContain("connection refused");
    }

    private static string Endpoint(string spec) => $"""
        apiVersion: dapr.io/v1alpha1
        kind: HTTPEndpoint
        metadata:
          name: outside
        spec:
          {spec}
        """;
}

using System.Net;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>Timeouts, retries, breakers and concurrency around calls; beside the recorded scenarios.</summary>
public class InvocationPolicyTests
{
    private const string Call = "/v1.0/invoke/callee/method/hello";

    private static readonly string Retry = CallMesh.Resiliency("""
        policies:
          retries:
            again: { policy: constant, duration: 10ms, maxRetries: 3 }
        targets:
          apps:
            callee: { retry: again }
        """);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(10)]
    [InlineData(1_000_000)]
    public async Task Invoke_RetryWithABody_SendsItAgainWhole(int size)
    {
        var lengths = new List<long>();
        await using var app = await CallApp.StartAsync(async context =>
        {
            var copy = new MemoryStream();
            await context.Request.Body.CopyToAsync(copy, context.RequestAborted);
            lengths.Add(copy.Length);
            context.Response.StatusCode = lengths.Count < 3 ? 503 : 200;
        });
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller", resources: Retry);
        await mesh.AddAsync("callee", app.Port);

        using var answer = await caller.PostAsync(Call, new ByteArrayContent(new byte[size]), Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        lengths.ShouldBe([size, size, size]);
    }

    [Fact]
    public async Task Invoke_RetryAfterATimeout_SendsTheBodyAgainWhole()
    {
        var bodies = new List<string>();
        await using var app = await CallApp.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            bodies.Add(await reader.ReadToEndAsync(context.RequestAborted));
            if (bodies.Count == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }
        });
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller", resources: CallMesh.Resiliency("""
            policies:
              timeouts: { short: 3s }
              retries:
                again: { policy: constant, duration: 10ms, maxRetries: 3 }
            targets:
              apps:
                callee: { timeout: short, retry: again }
            """));
        await mesh.AddAsync("callee", app.Port);

        using var answer = await caller.PostAsync(Call, new StringContent("the whole body"), Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        bodies.ShouldAllBe(static body => body == "the whole body");
        bodies.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Invoke_BodyTooLongToKeepUnderARetryPolicy_IsSentOnce()
    {
        await using var app = await CallApp.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.StatusCode = 503;
        });
        await using var mesh = CallMesh.ByFile();
        static SidecarOptions Large(SidecarOptions options) => options with { MaxBodySize = 16 << 20 };
        var caller = await mesh.AddAsync("caller", resources: Retry, change: Large);
        await mesh.AddAsync("callee", app.Port, change: Large);

        using var answer = await caller.PostAsync(Call, new ByteArrayContent(new byte[5_000_000]), Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        app.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Invoke_StreamUnderARetryPolicy_IsSentOnce()
    {
        await using var app = await CallApp.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.StatusCode = 503;
            await context.Response.WriteAsync(new string('E', 100_000), context.RequestAborted);
        });
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller", resources: Retry);
        await mesh.AddAsync("callee", app.Port);

        using var answer = await caller.PostAsync(Call, new PushContent(async stream => await stream.WriteAsync("stream"u8.ToArray(), Token)), Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync(Token)).Length.ShouldBe(100_000);
        app.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Invoke_StreamsThatFail_OpenTheBreaker()
    {
        await using var app = await CallApp.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.StatusCode = 500;
        });
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller", resources: CallMesh.Resiliency("""
            policies:
              circuitBreakers:
                cb: { maxRequests: 1, timeout: 60s, trip: consecutiveFailures >= 3 }
            targets:
              apps:
                callee: { circuitBreaker: cb }
            """));
        await mesh.AddAsync("callee", app.Port);

        for (var i = 0; i < 4; i++)
        {
            using var answer = await caller.PostAsync(Call, new PushContent(async stream => await stream.WriteAsync("stream"u8.ToArray(), Token)), Token);
            answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        }

        app.Calls.ShouldBe(3);
        using var other = await caller.PostAsync("/v1.0/invoke/callee/method/other", new StringContent(""), Token);
        app.Calls.ShouldBe(4, "a breaker is one path's");
    }

    [Fact]
    public async Task Invoke_TimeoutWhileTheAnswerFlows_CutsItOff()
    {
        await using var app = await CallApp.StartAsync(async context =>
        {
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync("begun", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller", resources: CallMesh.Resiliency("""
            policies:
              timeouts: { short: 300ms }
            targets:
              apps:
                callee: { timeout: short }
            """));
        await mesh.AddAsync("callee", app.Port);

        await Should.ThrowAsync<HttpRequestException>(() => caller.GetStringAsync(Call, Token));
    }

    [Fact]
    public async Task Invoke_PolicyOfAnEndpointOutside_Holds()
    {
        var tries = 0;
        await using var outside = await CallApp.StartAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref tries) < 3 ? 429 : 200;
            return Task.CompletedTask;
        });
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller", resources: $$"""
            apiVersion: dapr.io/v1alpha1
            kind: HTTPEndpoint
            metadata:
              name: outside
            spec:
              baseUrl: http://127.0.0.1:{{outside.Port}}
            ---
            {{CallMesh.Resiliency("""
                policies:
                  retries:
                    again: { policy: constant, duration: 10ms, maxRetries: 3, matching: { httpStatusCodes: '429' } }
                targets:
                  apps:
                    outside: { retry: again }
                """)}}
            """);

        using var answer = await caller.GetAsync("/v1.0/invoke/outside/method/x", Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        tries.ShouldBe(3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invoke_MaxConcurrency_MakesTheThirdCallWait(bool host)
    {
        var gate = new Lock();
        var inside = 0;
        var most = 0;
        var entered = new SemaphoreSlim(0);
        var go = new TaskCompletionSource();
        await using var app = await CallApp.StartAsync(async context =>
        {
            lock (gate)
            {
                most = Math.Max(most, ++inside);
            }

            entered.Release();
            await go.Task.WaitAsync(context.RequestAborted);
            lock (gate)
            {
                inside--;
            }
        });
        await using var mesh = CallMesh.Of(host);
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port, change: static options => options with { AppMaxConcurrency = 2 });

        var calls = Enumerable.Range(0, 5).Select(_ => caller.GetAsync(Call, Token)).ToList();
        await entered.WaitAsync(Token);
        await entered.WaitAsync(Token);
        go.SetResult();
        foreach (var answer in await Task.WhenAll(calls))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Dispose();
        }

        most.ShouldBe(2);
    }
}

using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>Bodies flow through two sidecars both ways.</summary>
public class InvocationStreamTests
{
    private const string Call = "/v1.0/invoke/callee/method/flow";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invoke_ServerSentEvents_ComeOneByOne(bool host)
    {
        var next = new SemaphoreSlim(1);
        await using var app = await CallApp.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 3; i++)
            {
                // Not before the one before has arrived.
                await next.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync($"data: {i}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });
        await using var mesh = CallMesh.Of(host);
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port);

        using var answer = await caller.GetAsync(Call, HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Token));
        for (var i = 0; i < 3; i++)
        {
            (await reader.ReadLineAsync(Token)).ShouldBe($"data: {i}");
            await reader.ReadLineAsync(Token);
            next.Release();
        }

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invoke_EventStream_SaysThatItIsOneBeforeTheFirstEvent(bool host)
    {
        var first = new TaskCompletionSource();
        await using var app = await CallApp.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.StartAsync(context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await first.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("data: 1\n\n", context.RequestAborted);
        });
        await using var mesh = CallMesh.Of(host);
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port);

        using var answer = await caller.GetAsync(Call, HttpCompletionOption.ResponseHeadersRead, Token);
        first.SetResult();

        (await answer.Content.ReadAsStringAsync(Token)).ShouldBe("data: 1\n\n");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invoke_BodyWithoutLength_ReachesTheAppAsItIsSent(bool host)
    {
        var arrived = new SemaphoreSlim(0);
        await using var app = await CallApp.StartAsync(async context =>
        {
            var buffer = new byte[16];
            for (var part = 0; await context.Request.Body.ReadAsync(buffer, context.RequestAborted) > 0; part++)
            {
                arrived.Release();
            }
        });
        await using var mesh = CallMesh.Of(host);
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port);
        using var content = new PushContent(async stream =>
        {
            for (var i = 0; i < 3; i++)
            {
                await stream.WriteAsync("part"u8.ToArray(), Token);
                await stream.FlushAsync(Token);
                (await arrived.WaitAsync(TimeSpan.FromSeconds(20), Token)).ShouldBeTrue();
            }
        });

        using var answer = await caller.PostAsync(Call, content, Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invoke_TwoHundredMegabytesUpAndDown_AreNotHeldInMemory(bool host)
    {
        const long size = 200L << 20;
        await using var app = await CallApp.StartAsync(
            async context =>
            {
                context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
                var buffer = new byte[64 << 10];
                var got = 0L;
                while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var read)
                {
                    got += read;
                }

                context.Response.ContentLength = got;
                for (var left = got; left > 0; left -= buffer.Length)
                {
                    await context.Response.Body.WriteAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), context.RequestAborted);
                }
            });
        await using var mesh = CallMesh.Of(host);
        var caller = await mesh.AddAsync("caller", change: static options => options with { MaxBodySize = 1 << 30 });
        await mesh.AddAsync("callee", app.Port, change: static options => options with { MaxBodySize = 1 << 30 });
        await caller.PostAsync(Call, new StringContent("warm"), Token);
        var before = Held();
        var most = 0L;
        using var content = new PushContent(
            async stream =>
            {
                var block = new byte[64 << 10];
                for (var sent = 0L; sent < size; sent += block.Length)
                {
                    await stream.WriteAsync(block, Token);
                    if (sent % (20 << 20) == 0)
                    {
                        most = Math.Max(most, Held());
                    }
                }
            },
            size);
        using var request = new HttpRequestMessage(HttpMethod.Post, Call) { Content = content };

        using var answer = await caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        var stream = await answer.Content.ReadAsStreamAsync(Token);
        var buffer = new byte[64 << 10];
        var got = 0L;
        var next = 0L;
        while (await stream.ReadAsync(buffer, Token) is > 0 and var read)
        {
            got += read;
            if (got >= next)
            {
                most = Math.Max(most, Held());
                next += 20 << 20;
            }
        }

        got.ShouldBe(size);
        (most - before).ShouldBeLessThan(80 << 20, "four servers and a client hold some of their buffers, and none the body");

        // What is reachable, not the working set: how late the collector runs depends on what else the machine does.
        static long Held()
        {
            GC.Collect();
            return GC.GetTotalMemory(forceFullCollection: false);
        }
    }

    [Fact]
    public async Task Invoke_EndlessAnswer_EndsWhenTheCallerGoes()
    {
        var gone = new TaskCompletionSource();
        await using var app = await CallApp.StartAsync(async context =>
        {
            var block = new byte[16 << 10];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block, CancellationToken.None);
            }

            gone.SetResult();
        });
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port);

        using (var answer = await caller.GetAsync(Call, HttpCompletionOption.ResponseHeadersRead, Token))
        {
            var stream = await answer.Content.ReadAsStreamAsync(Token);
            await stream.ReadExactlyAsync(new byte[1 << 20], Token);
        }

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        gone.Task.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Theory]
    [InlineData(100)]
    [InlineData(70_000)]
    [InlineData(3_000_000)]
    public async Task Invoke_BodiesOfEachSize_ComeBackWhole(int size)
    {
        await using var app = await CallApp.EchoAsync();
        await using var mesh = CallMesh.ByFile();
        var caller = await mesh.AddAsync("caller");
        await mesh.AddAsync("callee", app.Port);
        var bytes = new byte[size];
        Random.Shared.NextBytes(bytes);

        using var answer = await caller.PostAsync(Call, new ByteArrayContent(bytes), Token);

        (await answer.Content.ReadAsByteArrayAsync(Token)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }
}

using System.Net;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>Callers that hang up say nothing of the app that they called.</summary>
public class InvocationHangUpTests
{
    private const string Call = "/v1.0/invoke/callee/method/hello";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Invoke_CallersThatHangUp_OpenNoBreaker(bool host, bool whileItAnswers)
    {
        var works = false;
        var gone = new SemaphoreSlim(0);
        await using var app = await CallApp.StartAsync(async context =>
        {
            if (Volatile.Read(ref works))
            {
                return;
            }

            context.RequestAborted.Register(() => gone.Release());
            while (!context.RequestAborted.IsCancellationRequested)
            {
                if (whileItAnswers)
                {
                    await context.Response.WriteAsync(new string('x', 1_000), context.RequestAborted);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, context.RequestAborted);
            }
        });
        await using var mesh = CallMesh.Of(host);
        var caller = await mesh.AddAsync("caller", resources: CallMesh.Resiliency("""
            policies:
              circuitBreakers:
                cb: { maxRequests: 1, timeout: 60s, trip: consecutiveFailures >= 1 }
            targets:
              apps:
                callee: { circuitBreaker: cb }
            """));
        await mesh.AddAsync("callee", app.Port);
        using var patience = Patience.Of(Token);

        for (var i = 1; i <= 5; i++)
        {
            // Each reaches the app: those before it opened nothing.
            using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
            var calling = caller.GetAsync(Call, HttpCompletionOption.ResponseHeadersRead, hangUp.Token);
            while (app.Calls < i)
            {
                if (calling.IsCompletedSuccessfully)
                {
                    (await calling).StatusCode.ShouldBe(HttpStatusCode.OK);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
            }

            if (whileItAnswers)
            {
                (await calling).Dispose();
            }

            await hangUp.CancelAsync();
            await Task.WhenAny(calling);
            await gone.WaitAsync(patience.Token);
        }

        Volatile.Write(ref works, true);
        using var answer = await caller.GetAsync(Call, patience.Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}

using System.Net;
using System.Text.Json;

namespace HmsMesh.Sidecar.Tests.PubSub;

/// <summary>What a sidecar tells of its circuit breakers.</summary>
public class PubSubCircuitTests
{
    private const string Orders = """[{"pubsubname":"pubsub","topic":"orders","route":"/orders"}]""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Circuits_OneThatOpens_IsToldUntilItCloses()
    {
        var works = false;
        await using var app = await AppUnderTest.StartAsync(Orders);
        app.Answer("/orders", _ => (Volatile.Read(ref works) ? 200 : 500, ""));
        var began = TimeProvider.System.GetUtcNow();
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub("pubsub.embedded") + SidecarUnderTest.Resiliency("""
              policies:
                retries: { again: { policy: constant, duration: 10ms, maxRetries: 1000 } }
                circuitBreakers: { cb: { maxRequests: 1, timeout: 200ms, trip: "consecutiveFailures >= 2" } }
              targets:
                components: { pubsub: { inbound: { retry: again, circuitBreaker: cb } } }
            """));
        sidecar.Sidecar.OpenCircuits.ShouldBeEmpty();
        await sidecar.PublishAsync("orders", new { n = 1 });

        await UntilAsync(() => sidecar.Sidecar.OpenCircuits.Count == 1);
        var first = sidecar.Sidecar.OpenCircuits.Single();
        first.Policy.ShouldBe("cb");
        first.Target.ShouldBe("component pubsub inbound");
        first.Since.ShouldBeInRange(began, TimeProvider.System.GetUtcNow());

        // A try that fails opens it anew: it has been open since the first time all the same.
        await app.NextAsync("/orders");
        await app.NextAsync("/orders");
        await app.NextAsync("/orders");
        await app.NextAsync("/orders");
        sidecar.Sidecar.OpenCircuits.Single().Since.ShouldBe(first.Since);
        using (var answer = await sidecar.Http.GetAsync("/mesh/circuits", Token))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            JsonElement.Parse(await answer.Content.ReadAsStringAsync(Token))[0].GetProperty("target").GetString().ShouldBe("component pubsub inbound");
        }

        Volatile.Write(ref works, true);
        await UntilAsync(() => sidecar.Sidecar.OpenCircuits.Count == 0);
        (await sidecar.Http.GetStringAsync("/mesh/circuits", Token)).ShouldBe("[]");
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}

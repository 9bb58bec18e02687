using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using HmsMesh.Cli.Tests.Support;

namespace HmsMesh.Cli.Tests.Sidecar;

/// <summary>An inbound circuit on pubsub.embedded, with a real sidecar: open, nothing is delivered and no try is spent; after its time
/// one try; and what waits outlives the sidecar.</summary>
public sealed class CircuitKillTests : IDisposable
{
    private const int Open = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<(string Data, long At)> _got = new();
    private readonly ConcurrentQueue<string> _dead = new();
    private volatile bool _works;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task OpenCircuit_SidecarKilled_EventsWaitAndSpendNoTry()
    {
        _folder.Write("resources/all.yaml", Resources());
        await using var app = await OrdersApp.StartAsync(Take, _dead.Enqueue);
        await using (var sidecar = await SidecarProcess.StartAsync(_folder.Path, app))
        {
            await PublishAsync(sidecar.Http, "first");

            // Two failures open it; four more events wait behind it. Each try from now on is the one after its time.
            await Eventually.TrueAsync(() => _got.Count == 2, Patience);
            for (var n = 0; n < 4; n++)
            {
                await PublishAsync(sidecar.Http, $"waits-{n}");
            }

            await Eventually.TrueAsync(() => _got.Count == 4, Patience);
            var times = _got.Select(static one => one.At).ToArray();
            for (var at = 2; at < 4; at++)
            {
                Stopwatch.GetElapsedTime(times[at - 1], times[at]).ShouldBeGreaterThan(TimeSpan.FromSeconds(Open * 0.9));
            }

            await sidecar.KillAsync();
        }

        _works = true;
        await using var again = await SidecarProcess.StartAsync(_folder.Path, app);
        string[] all = ["first", "waits-0", "waits-1", "waits-2", "waits-3"];
        await Eventually.TrueAsync(() => all.All(name => _got.Skip(4).Any(one => one.Data == name)), Patience);
        _dead.ShouldBeEmpty();
    }

    public void Dispose() => _folder.Dispose();

    private static async Task PublishAsync(HttpClient http, string data)
    {
        using var answer = await http.PostAsJsonAsync("/v1.0/publish/pubsub/orders", data, Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    private bool Take(string data)
    {
        _got.Enqueue((data, Stopwatch.GetTimestamp()));
        return _works;
    }

    // Five tries in all: the two that open it and the two after its time are spent, and no more.
    private string Resources() => $$"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: {name: pubsub}
        spec:
          type: pubsub.embedded
          version: v1
          metadata:
          - {name: path, value: "{{_folder.Path}}/broker"}
          - {name: startFrom, value: earliest}
        ---
        apiVersion: dapr.io/v1alpha1
        kind: Resiliency
        metadata: {name: resiliency}
        spec:
          policies:
            retries:
              again: {policy: constant, duration: 10ms, maxRetries: 4}
            circuitBreakers:
              breaker: {maxRequests: 1, timeout: {{Open}}s, trip: consecutiveFailures >= 2}
          targets:
            components:
              pubsub:
                inbound: {retry: again, circuitBreaker: breaker}
        """;
}

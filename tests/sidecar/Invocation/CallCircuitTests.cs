using HmsMesh.Sidecar.Invocation;
using HmsMesh.Sidecar.Invocation.Answer;
using HmsMesh.Sidecar.Resiliency;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging.Abstractions;
using YamlDotNet.RepresentationModel;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>Callers choose the paths, and each has a circuit of its own: neither memory nor what is listed grows with them.</summary>
public class CallCircuitTests
{
    private const int MostTargets = 5_000;

    private readonly ResiliencyPolicies _policies = new([new ResiliencyResource(new("test.yaml", 1), "r", Map())], TimeProvider.System, NullLogger.Instance);

    [Fact]
    public async Task OpenCircuits_OfPathsThatAreForgotten_AreNotListed()
    {
        var calls = new CallPolicies(_policies, TimeProvider.System);
        var late = calls.Of("other", "other:/late").ShouldNotBeNull();
        await FailAsync(calls.Of("other", "other:/failing")!);
        _policies.OpenCircuits.Select(static one => one.Target).ShouldBe(["other:/failing"]);

        for (var i = 0; i < MostTargets; i++)
        {
            calls.Of("other", $"other:/{i}");
        }

        _policies.OpenCircuits.ShouldBeEmpty();

        // A call that was under way when its path was forgotten.
        await FailAsync(late);
        _policies.OpenCircuits.ShouldBeEmpty();
    }

    [Fact]
    public async Task OpenCircuits_OfManyPaths_ListsComponentsAndSomeOfThem()
    {
        var calls = new CallPolicies(_policies, TimeProvider.System);
        var component = _policies.StateOutbound("store").Breaker.ShouldNotBeNull();
        component.TryEnter(out var generation).ShouldBeTrue();
        component.Report(generation, false);
        for (var i = 0; i < 300; i++)
        {
            await FailAsync(calls.Of("other", $"other:/{i}")!);
        }

        _policies.OpenCircuits.Count.ShouldBe(ResiliencyPolicies.MostListed);
        _policies.OpenCircuits.ShouldContain(static one => one.Target == "component store outbound");
    }

    private static async Task FailAsync(CallPolicy policy)
    {
        var outcome = await policy.OneTry.ExecuteAsync(
            static _ => ValueTask.FromResult(CallOutcome.Of(FaultKind.App, "It fails.")), TestContext.Current.CancellationToken);
        outcome.Dispose();
    }

    private static YamlMap Map()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader("""
            policies: { circuitBreakers: { cb: { maxRequests: 1, timeout: 1h, trip: "totalFailures >= 1" } } }
            targets:
              apps: { other: { circuitBreaker: cb } }
              components: { store: { outbound: { circuitBreaker: cb } } }
            """));
        return new((YamlMappingNode)stream.Documents[0].RootNode, "test.yaml");
    }
}

using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests;

/// <summary>`mesh status` tells of an open circuit, wherever the sidecar runs.</summary>
[Trait("Category", "Slow")]
public class CircuitTests
{
    private const string Resources = """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: {name: pubsub}
        spec:
          type: pubsub.embedded
          version: v1
          metadata: []
        ---
        apiVersion: dapr.io/v2alpha1
        kind: Subscription
        metadata: {name: orders}
        spec:
          pubsubname: pubsub
          topic: order.placed
          routes: {default: /orders}
        scopes: [app0]
        ---
        apiVersion: dapr.io/v1alpha1
        kind: Resiliency
        metadata: {name: resiliency}
        spec:
          policies:
            circuitBreakers:
              three: {maxRequests: 1, timeout: 30s, trip: consecutiveFailures >= 3}
          targets:
            components:
              pubsub: {inbound: {circuitBreaker: three}}
        """;

    [Theory]
    [InlineData]
    [InlineData("--isolated")]
    public async Task Status_OfAServiceWhoseCircuitIsOpen_SaysSinceWhen(params string[] options)
    {
        // A handler that fails every event, and one that hears none.
        using var clone = new SmallClone(SmallClone.RunFile("sh, -c, 'exec ../../dapr/runtime/cli/bin/mesh chaos-handler $APP_PORT /dev/null 1'", SmallClone.Healthy));
        clone.Write("components/embedded/all.yaml", Resources);
        clone.Write("services/one/contracts/order.placed.json", """{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","examples":[{}]}""");
        await using var mesh = await new Mesh(clone.Program).UpAsync(options);
        var began = TimeProvider.System.GetUtcNow();
        await mesh.PublishAsync("{}", "order.placed");

        await Eventually.TrueAsync(
            async () => (await mesh.StatusAsync("app0")).TryGetProperty("circuits", out _), Mesh.ToReact, $"an open circuit in\n{mesh.Host.Everything}");

        var status = await mesh.StatusAsync("app0");
        var circuit = status.GetProperty("circuits").EnumerateArray().Single();
        circuit.GetProperty("policy").GetString().ShouldBe("three");
        circuit.GetProperty("target").GetString().ShouldBe("component pubsub inbound");
        circuit.GetProperty("since").GetDateTimeOffset().ShouldBeInRange(began.AddSeconds(-1), TimeProvider.System.GetUtcNow());
        status.GetProperty("state").GetString().ShouldBe("healthy");
        (await mesh.StatusAsync("app1")).TryGetProperty("circuits", out _).ShouldBeFalse();
        var shown = await mesh.RunAsync("status");
        shown.Out.ShouldContain("healthy, circuit open");
        shown.Out.ShouldContain("The circuit three of app0 (component pubsub inbound) is open since ");
    }
}

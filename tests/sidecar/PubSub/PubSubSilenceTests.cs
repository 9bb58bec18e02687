using System.Net;
using System.Net.Http.Json;
using HmsMesh.Sidecar.Tests.Core;

namespace HmsMesh.Sidecar.Tests.PubSub;

/// <summary>An app that never answers a delivery: the log says so, try by try.</summary>
public class PubSubSilenceTests
{
    private const string Subscription = """
        apiVersion: dapr.io/v1alpha1
        kind: Subscription
        metadata: {name: orders}
        spec: {pubsubname: pubsub, topic: orders, route: /orders, bulkSubscribe: {enabled: BULK}}
        """;

    private const string Policy = """
        apiVersion: dapr.io/v1alpha1
        kind: Resiliency
        metadata: {name: r}
        spec:
          policies:
            timeouts: {short: 300ms}
          targets:
            components:
              pubsub: {inbound: {timeout: short}}
        """;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Delivery_WithoutAnAnswer_IsAWarningWithTheTimeAndTheTry(bool bulk, bool byPolicy)
    {
        await using var app = await AppUnderTest.StartAsync("[]");
        app.Answer("/orders", static async request =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, request.Aborted);
            return (200, "");
        });
        var files = new Dictionary<string, string>
        {
            ["p.yaml"] = CoreHost.Component("pubsub", "pubsub.embedded", byPolicy ? "name: lease, value: 1h" : "name: lease, value: 300ms", "name: backoff, value: 1ms"),
            ["s.yaml"] = Subscription.Replace("BULK", bulk ? "true" : "false", StringComparison.Ordinal),
        };
        if (byPolicy)
        {
            files["r.yaml"] = Policy;
        }

        await using var host = await CoreHost.StartAsync(files, options => options with { AppPort = app.Port });
        await host.Sidecar.Ready.WaitAsync(TimeSpan.FromSeconds(20), CoreHost.Token);
        using var answer = await host.Http.PostAsJsonAsync("/v1.0/publish/pubsub/orders", new { n = 1 }, CoreHost.Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await host.Log.SeenAsync("Warning", "no answer within 300ms (try 1)");
        await host.Log.SeenAsync("Warning", "no answer within 300ms (try 2)");
    }
}

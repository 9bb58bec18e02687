using System.Net;
using HmsMesh.Sidecar.Tests.Core;

namespace HmsMesh.Sidecar.Tests.PubSub;

/// <summary>Deliveries end before the app does, so that no event spends a try on an app that goes.</summary>
public class PubSubStopDeliveriesTests
{
    private const string Orders = """[{"pubsubname":"pubsub","topic":"orders","route":"/orders"}]""";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StopDeliveries_WithOneUnderWay_WaitsForIt_AndTheApiGoesOn()
    {
        await using var app = await AppUnderTest.StartAsync(Orders);
        var handled = HoldAt(app, "/orders");
        using var log = new CapturedLog();
        await using var sidecar = await SidecarUnderTest.StartAsync(app.Port, SidecarUnderTest.PubSub("pubsub.embedded"), log: log);
        await sidecar.PublishAsync("orders", new { n = 1 });
        await app.NextAsync("/orders");

        var stopping = sidecar.SendAsync("/mesh/deliveries/stop", "");
        await log.SeenAsync("Information", "Deliveries of topic orders end");
        await sidecar.PublishAsync("orders", new { n = 2 });
        stopping.IsCompleted.ShouldBeFalse();
        handled.SetResult();

        (await stopping.WaitAsync(Patience, Token)).Status.ShouldBe(HttpStatusCode.NoContent);
        await sidecar.PublishAsync("orders", new { n = 3 });
        (await sidecar.SendAsync("/mesh/deliveries/stop", "")).Status.ShouldBe(HttpStatusCode.NoContent);
        app.Waiting("/orders").ShouldBe(0);
        await sidecar.Sidecar.StopAsync(Token).WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task StopDeliveries_WithAHandlerThatNeverAnswers_GivesItsEventBackWithoutATry()
    {
        var folder = SidecarUnderTest.NewFolder();
        try
        {
            await using var app = await AppUnderTest.StartAsync(Orders);
            HoldAt(app, "/orders");

            // One try would be the last.
            var resources = SidecarUnderTest.PubSub("pubsub.embedded", "  - {name: maxDeliveries, value: '1'}");
            await using (var first = await SidecarUnderTest.StartAsync(
                app.Port, resources, options => options with { GracefulShutdown = TimeSpan.FromMilliseconds(200) }, folder))
            {
                await first.PublishAsync("orders", new { n = 1 });
                await app.NextAsync("/orders");
                await first.Sidecar.StopDeliveriesAsync(Token).WaitAsync(Patience, Token);
                await first.Sidecar.StopAsync(Token).WaitAsync(Patience, Token);
            }

            app.Answer("/orders", _ => (200, ""));
            await using var second = await SidecarUnderTest.StartAsync(app.Port, resources, folder: folder);
            (await app.NextAsync("/orders")).Body.GetProperty("data").GetProperty("n").GetInt32().ShouldBe(1);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Stop_WithBlockShutdown_TakesNoMoreDeliveriesMeanwhile()
    {
        await using var app = await AppUnderTest.StartAsync(Orders);
        await using var sidecar = await SidecarUnderTest.StartAsync(
            app.Port, SidecarUnderTest.PubSub("pubsub.embedded"), options => options with { BlockShutdown = TimeSpan.FromSeconds(1) });
        await sidecar.PublishAsync("orders", new { n = 1 });
        await app.NextAsync("/orders");
        var stopping = sidecar.Sidecar.StopAsync(Token);
        await sidecar.Sidecar.StopDeliveriesAsync(Token);

        await sidecar.PublishAsync("orders", new { n = 2 });

        await stopping.WaitAsync(Patience, Token);
        app.Waiting("/orders").ShouldBe(0);
    }

    [Theory]
    [InlineData("allowed: [{name: publish, version: v1, protocol: http}]")]
    [InlineData("denied: [{name: shutdown, version: v1, protocol: http}]")]
    public async Task StopDeliveries_UnderAListOfApis_IsStillTheSupervisors(string apis)
    {
        var folder = SidecarUnderTest.NewFolder();
        var config = Path.Combine(folder.FullName, "config.yaml");
        await File.WriteAllTextAsync(config, $"apiVersion: dapr.io/v1alpha1\nkind: Configuration\nmetadata: {{name: config}}\nspec:\n  api:\n    {apis}\n", Token);
        await using (var sidecar = await SidecarUnderTest.StartAsync(
            null, SidecarUnderTest.PubSub("pubsub.in-memory"), options => options with { ConfigPaths = [config], ApiToken = "t0ken" }, folder))
        {
            (await sidecar.SendAsync("/mesh/deliveries/stop", "")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            sidecar.Http.DefaultRequestHeaders.Add("dapr-api-token", "t0ken");
            (await sidecar.SendAsync("/v1.0/shutdown", "")).Status.ShouldBe(HttpStatusCode.NotFound);
            (await sidecar.SendAsync("/mesh/deliveries/stop", "")).Status.ShouldBe(HttpStatusCode.NoContent);
        }

        folder.Delete(recursive: true);
    }

    private static TaskCompletionSource HoldAt(AppUnderTest app, string path)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Answer(path, async request =>
        {
            await held.Task.WaitAsync(request.Aborted);
            return (200, "");
        });
        return held;
    }
}

using System.Text;
using Dapr;
using Dapr.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit.Tests;

public class ClientTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_Data_GoesAsJson()
    {
        await using var sidecar = await RecordingSidecar.StartAsync();
        using var dapr = Client(sidecar.Endpoint);

        await dapr.PublishEventAsync("pubsub", "a/b c", new { BedsFree = 4 }, new Dictionary<string, string> { ["ttlInSeconds"] = "5 0" }, Ct);

        var request = sidecar.Requests.ShouldHaveSingleItem();
        request.Path.ShouldBe("/v1.0/publish/pubsub/a%2Fb%20c?metadata.ttlInSeconds=5%200");
        request.ContentType.ShouldBe("application/json");
        request.Headers["dapr-api-token"].ShouldBe("secret");
        request.Body.ShouldBe("""{"bedsFree":4}""");
    }

    [Fact]
    public async Task Publish_CloudEvent_GoesAsOne()
    {
        await using var sidecar = await RecordingSidecar.StartAsync();
        using var dapr = Client(sidecar.Endpoint);

        await dapr.PublishEventAsync("pubsub", "t", new CloudEvent<int>(7) { Source = new Uri("urn:me"), Type = "x", Subject = "s" }, Ct);

        var request = sidecar.Requests.ShouldHaveSingleItem();
        request.ContentType.ShouldBe("application/cloudevents+json");
        request.Body.ShouldContain("\"data\":7");
        request.Body.ShouldContain("\"source\":\"urn:me\"");
    }

    [Fact]
    public async Task Publish_BytesAndNothing_GoAsTheyAre()
    {
        await using var sidecar = await RecordingSidecar.StartAsync();
        using var dapr = Client(sidecar.Endpoint);

        await dapr.PublishByteEventAsync("pubsub", "t", Encoding.UTF8.GetBytes("plain"), "text/plain; charset=utf-8", cancellationToken: Ct);
        await dapr.PublishEventAsync("pubsub", "t", Ct);

        sidecar.Requests[0].ContentType.ShouldBe("text/plain; charset=utf-8");
        sidecar.Requests[0].Body.ShouldBe("plain");
        sidecar.Requests[1].Body.ShouldBe("");
    }

    [Fact]
    public async Task Publish_SidecarRefuses_ThrowsWithItsCode()
    {
        await using var sidecar = await RecordingSidecar.StartAsync();
        sidecar.AnswerAsync = _ => Task.FromResult(403);
        using var dapr = Client(sidecar.Endpoint);

        var thrown = await Should.ThrowAsync<DaprApiException>(dapr.PublishEventAsync("pubsub", "t", 1, Ct));

        thrown.ErrorCode.ShouldBe("ERR_PUBSUB_PUBLISH_MESSAGE");
        thrown.IsTransient.ShouldBeFalse();
        thrown.Message.ShouldContain("403");
    }

    [Fact]
    public async Task Publish_NoSidecar_ThrowsAndHealthIsFalse()
    {
        var gone = await RecordingSidecar.StartAsync();
        var endpoint = gone.Endpoint;
        await gone.DisposeAsync();
        using var dapr = Client(endpoint);

        await Should.ThrowAsync<DaprException>(dapr.PublishEventAsync("pubsub", "t", 1, Ct));
        (await dapr.CheckHealthAsync(Ct)).ShouldBeFalse();
        (await dapr.CheckOutboundHealthAsync(Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task Publish_Cancelled_SaysSo()
    {
        await using var sidecar = await RecordingSidecar.StartAsync();
        using var cancelled = new CancellationTokenSource();
        sidecar.AnswerAsync = async _ =>
        {
            await cancelled.CancelAsync();
            return 204;
        };
        using var dapr = Client(sidecar.Endpoint);

        await Should.ThrowAsync<OperationCanceledException>(dapr.PublishEventAsync("pubsub", "t", 1, cancelled.Token));
    }

    [Fact]
    public async Task Secrets_OneAndAll_AreRead()
    {
        await using var store = await StartAsync(app =>
        {
            app.MapGet("/v1.0/secrets/secretstore/bank", (HttpContext http) => http.Response.WriteAsync("""{"bank":"k","v":"2"}""", Ct));
            app.MapGet("/v1.0/secrets/secretstore/bulk", (HttpContext http) => http.Response.WriteAsync("""{"bank":{"bank":"k"},"mail":{"mail":"m"}}""", Ct));
            app.MapGet("/v1.0/secrets/secretstore/none", (HttpContext http) => http.Response.StatusCode = 204);
            app.MapGet("/v1.0/secrets/secretstore/odd", (HttpContext http) => http.Response.WriteAsync("<html>", Ct));
        });
        using var dapr = Client(store.Urls.First());

        (await dapr.GetSecretAsync("secretstore", "bank", cancellationToken: Ct))["v"].ShouldBe("2");
        (await dapr.GetBulkSecretAsync("secretstore", cancellationToken: Ct))["mail"]["mail"].ShouldBe("m");
        (await dapr.GetSecretAsync("secretstore", "none", cancellationToken: Ct)).ShouldBeEmpty();
        await Should.ThrowAsync<DaprException>(dapr.GetSecretAsync("secretstore", "odd", cancellationToken: Ct));
        (await Should.ThrowAsync<DaprApiException>(dapr.GetSecretAsync("secretstore", "unknown", cancellationToken: Ct))).Message.ShouldContain("404");
    }

    [Fact]
    public async Task WaitForSidecar_ComesLater_Completes()
    {
        var early = await RecordingSidecar.StartAsync();
        var port = early.Port;
        await early.DisposeAsync();
        using var dapr = Client($"http://127.0.0.1:{port}");

        (await dapr.CheckOutboundHealthAsync(Ct)).ShouldBeFalse();
        var waiting = dapr.WaitForSidecarAsync(Ct);
        waiting.IsCompleted.ShouldBeFalse();

        await using var sidecar = await RecordingSidecar.StartAsync(port);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), Ct);

        sidecar.Requests.ShouldHaveSingleItem().Path.ShouldBe("/v1.0/healthz/outbound");
    }

    [Fact]
    public async Task AddDaprClient_Configuration_NamesTheSidecar()
    {
        await using var sidecar = await RecordingSidecar.StartAsync();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["DAPR_HTTP_PORT"] = $"{sidecar.Port}", ["DAPR_API_TOKEN"] = "t" }).Build());
        services.AddDaprClient();
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<DaprClient>().PublishEventAsync("pubsub", "t", 1, Ct);

        sidecar.Requests.ShouldHaveSingleItem().Headers["dapr-api-token"].ShouldBe("t");
    }

    private static DaprClient Client(string endpoint) => new DaprClientBuilder().UseHttpEndpoint(endpoint).UseDaprApiToken("secret").Build();

    private static async Task<WebApplication> StartAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        map(app);
        await app.StartAsync(Ct);
        return app;
    }
}

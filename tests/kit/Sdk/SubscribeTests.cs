using System.Net;
using System.Text;
using System.Text.Json;
using Dapr;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit.Tests;

public class SubscribeTests
{
    [Fact]
    public async Task MapSubscribeHandler_Endpoints_AreListedByTopic()
    {
        await using var app = await StartAsync(a =>
        {
            a.MapSubscribeHandler();
            a.MapPost("/low/any", () => "").WithTopic("pubsub", "beds.low");
            a.MapPost("/low/none", () => "").WithTopic(new TopicOptions { PubsubName = "pubsub", Name = "beds.low", Match = "event.data.bedsFree == 0", Priority = 1, DeadLetterTopic = "dead" });
            a.MapPost("raw", () => "").WithTopic("pubsub", "a.raw", true, new Dictionary<string, string> { ["k"] = "v" });
            a.MapPost("attribute", [Topic("other", "beds.low")] () => "");
            a.MapPost("none", () => "");
        });

        var list = await app.GetAsync("/dapr/subscribe");

        JsonElement.DeepEquals(JsonElement.Parse(list), JsonElement.Parse(
            """
            [
              {"topic":"beds.low","pubsubName":"other","route":"attribute"},
              {"topic":"a.raw","pubsubName":"pubsub","route":"raw","metadata":{"k":"v","rawPayload":"true"}},
              {"topic":"beds.low","pubsubName":"pubsub","routes":{"rules":[{"match":"event.data.bedsFree == 0","path":"low/none"}],"default":"low/any"},"deadLetterTopic":"dead"}
            ]
            """)).ShouldBeTrue(list);
    }

    [Theory]
    [InlineData("""{"id":"1","data":{"a":1},"datacontenttype":"application/json; charset=utf-8"}""", "application/json", """{"a":1}""")]
    [InlineData("""{"id":"1","data":{"a":1}}""", "application/json", """{"a":1}""")]
    [InlineData("""{"id":"1","data":"text","datacontenttype":"text/plain"}""", "text/plain", "text")]
    [InlineData("""{"id":"1","data":"text","datacontenttype":"application/vnd.x+json"}""", "application/vnd.x+json", "\"text\"")]
    [InlineData("""{"id":"1","data_base64":"aGVsbG8=","datacontenttype":"application/octet-stream"}""", "application/octet-stream", "hello")]
    [InlineData("""{"id":"1"}""", "", "")]
    public async Task UseCloudEvents_Envelope_IsTakenOff(string envelope, string type, string body)
    {
        await using var app = await StartAsync(a =>
        {
            a.UseCloudEvents();
            Echo(a);
        });

        (await app.PostAsync(envelope, "application/cloudevents+json; charset=utf-8")).ShouldBe((HttpStatusCode.OK, $"{type}|{body}|"));
    }

    [Theory]
    [InlineData("""{"data":1,"data_base64":"aGVsbG8="}""")]
    [InlineData("""{"data_base64":"!"}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task UseCloudEvents_NoEnvelope_IsABadRequest(string envelope)
    {
        await using var app = await StartAsync(a =>
        {
            a.UseCloudEvents();
            Echo(a);
        });

        (await app.PostAsync(envelope, "application/cloudevents+json")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task UseCloudEvents_OtherTypes_PassAsTheyAre()
    {
        await using var app = await StartAsync(a =>
        {
            a.UseCloudEvents();
            Echo(a);
        });

        (await app.PostAsync("""{"data":1}""", "application/json")).Body.ShouldBe("""application/json|{"data":1}|""");
    }

    [Fact]
    public async Task UseCloudEvents_Forward_GivesAttributesAsHeaders()
    {
        await using var app = await StartAsync(a =>
        {
            a.UseCloudEvents(new CloudEventsMiddlewareOptions { ForwardCloudEventPropertiesAsHeaders = true, ExcludedCloudEventPropertiesFromHeaders = ["source"] });
            Echo(a);
        });

        var (_, body) = await app.PostAsync("""{"id":"1","source":"s","type":"t","data":1,"traceparent":"x"}""", "application/cloudevents+json");

        body.ShouldBe("application/json|1|Cloudevent.id=1,Cloudevent.type=t");
    }

    private static void Echo(WebApplication app) => app.MapPost("/", async (HttpContext http) =>
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var headers = http.Request.Headers.Where(h => h.Key.StartsWith("Cloudevent.")).OrderBy(h => h.Key).Select(h => $"{h.Key}={h.Value}");
        return Results.Text($"{http.Request.ContentType}|{await reader.ReadToEndAsync()}|{string.Join(',', headers)}");
    });

    private static async Task<TestApp> StartAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new TestApp(app);
    }

    private sealed class TestApp(WebApplication app) : IAsyncDisposable
    {
        private readonly HttpClient _http = new() { BaseAddress = new Uri(app.Urls.First()) };

        public Task<string> GetAsync(string path) => _http.GetStringAsync(path);

        public async Task<(HttpStatusCode Status, string Body)> PostAsync(string body, string type)
        {
            using var content = new StringContent(body, Encoding.UTF8);
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var response = await _http.PostAsync("/", content);
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }

        public ValueTask DisposeAsync()
        {
            _http.Dispose();
            return app.DisposeAsync();
        }
    }
}

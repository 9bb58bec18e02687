using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using System.Text.Json;

namespace HmsMesh.Cli.Tests.Sidecar;

/// <summary>An app that hears orders, and the letters that die of them, if it wants to.</summary>
internal sealed class OrdersApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OrdersApp(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <param name="order">Gets the data, which are texts; false: it failed.</param>
    /// <param name="dead">Gets those of dead letters; null: there are none.</param>
    public static async Task<OrdersApp> StartAsync(Func<string, bool> order, Action<string>? dead = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/dapr/subscribe", () => TypedResults.Json(Subscriptions(dead is not null)));
        app.MapPost("/orders", (JsonElement envelope) => order(Data(envelope)) ? Results.Ok() : Results.StatusCode(500));
        app.MapPost("/dead", (JsonElement envelope) => dead?.Invoke(Data(envelope)));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new OrdersApp(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static IEnumerable<object> Subscriptions(bool hasDead) => hasDead
        ? [new { pubsubname = "pubsub", topic = "orders", route = "/orders", deadLetterTopic = "dead" }, new { pubsubname = "pubsub", topic = "dead", route = "/dead" }]
        : [new { pubsubname = "pubsub", topic = "orders", route = "/orders" }];

    private static string Data(JsonElement envelope) => envelope.GetProperty("data").GetString()!;
}

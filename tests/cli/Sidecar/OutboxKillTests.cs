using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HmsMesh.Cli.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Cli.Tests.Sidecar;

/// <summary>A sidecar under transactions is killed with -9, again and again; then what was accepted is counted against what arrives.</summary>
public sealed class OutboxKillTests : IDisposable
{
    private const int Writers = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<string, int> _arrived = new(StringComparer.Ordinal);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Kill_UnderTransactions_EveryAcceptedOneIsPublished()
    {
        _folder.Write("resources/all.yaml", Resources());
        var accepted = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        for (var run = 0; run < 5; run++)
        {
            var port = SidecarProcess.FreePort();
            using var process = await SidecarProcess.StartAsync(_folder.Path, port);
            using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
            var before = accepted.Count;
            var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(http, $"{run}-{writer}", accepted)).ToList();
            await Eventually.TrueAsync(() => accepted.Count > before + 150 + (run * 13), Patience);
            process.Kill();
            await process.WaitForExitAsync(Token);
            await Task.WhenAll(writers);
        }

        await using var app = await StartAppAsync();
        var last = SidecarProcess.FreePort();
        using var again = await SidecarProcess.StartAsync(_folder.Path, last, "--app-port", new Uri(app.Urls.Single()).Port.ToString(CultureInfo.InvariantCulture));
        await Eventually.TrueAsync(() => accepted.Keys.All(_arrived.ContainsKey), Patience);
        again.Kill();
        await again.WaitForExitAsync(Token);
        accepted.Count.ShouldBeGreaterThan(750);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Saves until the sidecar is dead.</summary>
    private static async Task WriteAsync(HttpClient http, string name, ConcurrentDictionary<string, bool> accepted)
    {
        try
        {
            var n = 0;
            while (!Token.IsCancellationRequested)
            {
                var value = $"{name}-{n++}";
                using var answer = await http.PostAsJsonAsync(
                    "/v1.0/state/store/transaction", new { operations = new[] { new { operation = "upsert", request = new { key = value, value } } } }, Token);
                if (answer.StatusCode == HttpStatusCode.NoContent)
                {
                    accepted[value] = true;
                }
            }
        }
        catch (HttpRequestException)
        {
            // Killed.
        }
    }

    private async Task<WebApplication> StartAppAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/dapr/subscribe", () => TypedResults.Json(new[] { new { pubsubname = "pubsub", topic = "orders", route = "/orders" } }));
        app.MapPost("/orders", (JsonElement envelope) =>
        {
            _arrived.AddOrUpdate(envelope.GetProperty("data").GetString()!, 1, static (_, times) => times + 1);
            return TypedResults.Ok();
        });
        await app.StartAsync(Token);
        return app;
    }

    private string Resources() => $"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: {"{name: pubsub}"}
        spec:
          type: pubsub.embedded
          version: v1
          metadata:
          - {"{"}name: path, value: "{_folder.Path}/broker"{"}"}
          - {"{name: startFrom, value: earliest}"}
        ---
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: {"{name: store}"}
        spec:
          type: state.sqlite
          version: v1
          metadata:
          - {"{"}name: connectionString, value: "{_folder.Path}/state.db"{"}"}
          - {"{name: outboxPublishPubsub, value: pubsub}"}
          - {"{name: outboxPublishTopic, value: orders}"}
        """;
}

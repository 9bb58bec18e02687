using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
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
            var port = FreePort();
            using var process = await StartAsync(port);
            using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
            var before = accepted.Count;
            var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(http, $"{run}-{writer}", accepted)).ToList();
            await Eventually.TrueAsync(() => accepted.Count > before + 150 + (run * 13), Patience);
            process.Kill();
            await process.WaitForExitAsync(Token);
            await Task.WhenAll(writers);
        }

        await using var app = await StartAppAsync();
        var last = FreePort();
        using var again = await StartAsync(last, "--app-port", new Uri(app.Urls.Single()).Port.ToString(CultureInfo.InvariantCulture));
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
            for (var n = 0; ; n++)
            {
                var value = $"{name}-{n}";
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

    private async Task<Process> StartAsync(int port, params string[] more)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "mesh")) { UseShellExecute = false, RedirectStandardOutput = true };
        string[] flags =
        [
            "sidecar", "--app-id", "app", "--dapr-http-port", port.ToString(CultureInfo.InvariantCulture),
            "--resources-path", Path.Combine(_folder.Path, "resources"), .. more,
        ];
        foreach (var flag in flags)
        {
            start.ArgumentList.Add(flag);
        }

        start.Environment.Remove("APP_ID");
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        using var http = new HttpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        while (true)
        {
            try
            {
                if ((await http.GetAsync($"http://127.0.0.1:{port}/v1.0/healthz", patience.Token)).StatusCode == HttpStatusCode.NoContent)
                {
                    return process;
                }
            }
            catch (HttpRequestException)
            {
                process.HasExited.ShouldBeFalse();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
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

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

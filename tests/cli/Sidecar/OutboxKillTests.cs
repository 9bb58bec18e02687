using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using HmsMesh.Cli.Tests.Support;

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
            await using var sidecar = await SidecarProcess.StartAsync(_folder.Path);
            var before = accepted.Count;
            var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(sidecar.Http, $"{run}-{writer}", accepted)).ToList();
            await Eventually.TrueAsync(() => accepted.Count > before + 150 + (run * 13), Patience);
            await sidecar.KillAsync();
            await Task.WhenAll(writers);
        }

        await using var app = await OrdersApp.StartAsync(data =>
        {
            _arrived.AddOrUpdate(data, 1, static (_, times) => times + 1);
            return true;
        });
        await using var again = await SidecarProcess.StartAsync(_folder.Path, app);
        await Eventually.TrueAsync(() => accepted.Keys.All(_arrived.ContainsKey), Patience);
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

using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using HmsMesh.Cli.Tests.Support;

namespace HmsMesh.Cli.Tests.Sidecar;

/// <summary>Sidecars as processes on one broker folder, and each of them killed in turn.</summary>
public sealed class SharedBrokerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<string, int> _arrived = new(StringComparer.Ordinal);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("first", "second")]
    [InlineData("same", "same")]
    [Trait("Category", "Slow")]
    public async Task Kill_OfEachSidecarInTurn_LosesNothing(string one, string other)
    {
        _folder.Write("resources/all.yaml", Resources());
        await using var app = await OrdersApp.StartAsync(data =>
        {
            _arrived.AddOrUpdate(data, 1, static (_, times) => times + 1);
            return true;
        });
        string[] names = [one, other];
        var running = new List<SidecarProcess>();
        var said = new List<string>();
        try
        {
            foreach (var name in names)
            {
                running.Add(await SidecarProcess.StartAsync(_folder.Path, app, name));
            }

            for (var turn = 0; turn < 4; turn++)
            {
                for (var i = 0; i < 20; i++)
                {
                    var value = $"{turn}-{i}";
                    using var answer = await running[i % 2].Http.PostAsJsonAsync("/v1.0/publish/pubsub/orders", value, Token);
                    answer.StatusCode.ShouldBe(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync(Token));
                    said.Add(value);
                }

                await running[turn % 2].KillAsync();

                // The other one goes on at once.
                using var through = await running[(turn + 1) % 2].Http.PostAsJsonAsync("/v1.0/publish/pubsub/orders", $"{turn}-killed", Token);
                through.StatusCode.ShouldBe(HttpStatusCode.NoContent, await through.Content.ReadAsStringAsync(Token));
                said.Add($"{turn}-killed");
                await running[turn % 2].DisposeAsync();
                running[turn % 2] = await SidecarProcess.StartAsync(_folder.Path, app, names[turn % 2]);
            }

            var times = one == other ? 1 : 2;
            await Eventually.TrueAsync(() => said.TrueForAll(value => _arrived.GetValueOrDefault(value) >= times), Patience);
        }
        finally
        {
            foreach (var sidecar in running)
            {
                await sidecar.DisposeAsync();
            }
        }
    }

    public void Dispose() => _folder.Dispose();

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
        """;
}

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
        await using var app = await StartAppAsync();
        var running = new List<(string App, Process Process, HttpClient Http)>
        {
            await StartAsync(one, app),
            await StartAsync(other, app),
        };
        var said = new List<string>();
        try
        {
            for (var turn = 0; turn < 4; turn++)
            {
                for (var i = 0; i < 20; i++)
                {
                    var value = $"{turn}-{i}";
                    using var answer = await running[i % 2].Http.PostAsJsonAsync("/v1.0/publish/pubsub/orders", value, Token);
                    answer.StatusCode.ShouldBe(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync(Token));
                    said.Add(value);
                }

                var (name, process, http) = running[turn % 2];
                process.Kill();

                // The other one goes on at once.
                using var through = await running[(turn + 1) % 2].Http.PostAsJsonAsync("/v1.0/publish/pubsub/orders", $"{turn}-killed", Token);
                through.StatusCode.ShouldBe(HttpStatusCode.NoContent, await through.Content.ReadAsStringAsync(Token));
                said.Add($"{turn}-killed");
                await process.WaitForExitAsync(Token);
                process.Dispose();
                http.Dispose();
                running[turn % 2] = await StartAsync(name, app);
            }

            var times = one == other ? 1 : 2;
            await Eventually.TrueAsync(() => said.TrueForAll(value => _arrived.GetValueOrDefault(value) >= times), Patience);
        }
        finally
        {
            foreach (var (_, process, http) in running)
            {
                process.Kill();
                process.Dispose();
                http.Dispose();
            }
        }
    }

    public void Dispose() => _folder.Dispose();

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

    private async Task<(string App, Process Process, HttpClient Http)> StartAsync(string name, WebApplication app)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "mesh")) { UseShellExecute = false, RedirectStandardOutput = true };
        string[] flags =
        [
            "sidecar", "--app-id", name, "--dapr-http-port", port.ToString(CultureInfo.InvariantCulture),
            "--app-port", new Uri(app.Urls.Single()).Port.ToString(CultureInfo.InvariantCulture),
            "--resources-path", Path.Combine(_folder.Path, "resources"),
        ];
        foreach (var flag in flags)
        {
            start.ArgumentList.Add(flag);
        }

        start.Environment.Remove("APP_ID");
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync("/v1.0/healthz", patience.Token);
                if (answer.StatusCode == HttpStatusCode.NoContent)
                {
                    return (name, process, http);
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
        """;

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

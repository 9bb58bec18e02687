using System.Net.Http.Headers;
using HmsMesh.Broker;
using HmsMesh.Contracts;
using HmsMesh.Sidecar;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Kit.Tests;

/// <summary>Sidecars and their broker inside the test process, as `mesh up` hosts them.</summary>
internal sealed class RealSidecars : IAsyncDisposable
{
    public const string ApiToken = "sidecar-token";
    public const string AppToken = "app-token";

    private readonly string _folder = Directory.CreateTempSubdirectory("kit-mesh-").FullName;
    private readonly BrokerPool _brokers = new(NullLoggerFactory.Instance);
    private readonly SidecarDirectory _directory = new();
    private readonly List<MeshSidecar> _running = [];
    private readonly HttpClient _client = new();

    public RealSidecars()
    {
        File.WriteAllText(
            Path.Combine(Resources, "mesh.yaml"),
            """
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata:
              name: pubsub
            spec:
              type: pubsub.embedded
              version: v1
              metadata:
                - name: deduplication
                  value: 24h
            ---
            apiVersion: dapr.io/v2alpha1
            kind: Subscription
            metadata:
              name: sample-beds-low
            spec:
              pubsubname: pubsub
              topic: beds.low
              routes:
                default: /events/beds.low
              deadLetterTopic: sample.dead
            scopes:
              - sample
            ---
            apiVersion: dapr.io/v2alpha1
            kind: Subscription
            metadata:
              name: listener-shift-scheduled
            spec:
              pubsubname: pubsub
              topic: shift.scheduled
              routes:
                default: /heard
            scopes:
              - listener
            ---
            apiVersion: dapr.io/v2alpha1
            kind: Subscription
            metadata:
              name: listener-dead
            spec:
              pubsubname: pubsub
              topic: sample.dead
              routes:
                default: /dead
            scopes:
              - listener
            """);
    }

    private string Resources => Directory.CreateDirectory(Path.Combine(_folder, "resources")).FullName;

    /// <summary>A sidecar for an app on that port; with no port, one to publish by.</summary>
    public async Task<MeshSidecar> StartAsync(string appId, int port = 0, int? appPort = null, string appToken = AppToken)
    {
        var options = new SidecarOptions
        {
            AppId = appId,
            HttpPort = port,
            AppPort = appPort,
            ResourcesPaths = [Resources],
            DataPath = Path.Combine(_folder, "data"),
            ApiToken = ApiToken,
            AppToken = appToken,
        };
        var sidecar = await MeshSidecar.StartAsync(options, new SidecarServices(NullLoggerFactory.Instance, _brokers, TimeProvider.System, _directory), CancellationToken.None);
        _running.Add(sidecar);
        return sidecar;
    }

    public async Task StopAsync(MeshSidecar sidecar)
    {
        await sidecar.StopAsync(CancellationToken.None);
        _running.Remove(sidecar);
    }

    public async Task PublishAsync(MeshSidecar through, CloudEvent cloudEvent)
    {
        using var body = new ByteArrayContent(CloudEventJson.Write(cloudEvent));
        body.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{through.HttpPort}/v1.0/publish/pubsub/{cloudEvent.Topic}") { Content = body };
        request.Headers.Add("dapr-api-token", ApiToken);
        using var answer = await _client.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var sidecar in _running)
        {
            await sidecar.StopAsync(CancellationToken.None);
        }

        await _brokers.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text;
using HmsMesh.Broker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Sidecar.Tests.PubSub;

/// <summary>A sidecar in this process, with its resources in a folder of its own and an API on a real port.</summary>
internal sealed class SidecarUnderTest : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly BrokerPool _brokers;
    private readonly bool _ownsFolder;

    private SidecarUnderTest(MeshSidecar sidecar, BrokerPool brokers, DirectoryInfo folder, bool ownsFolder)
    {
        (Sidecar, _brokers, _folder, _ownsFolder) = (sidecar, brokers, folder, ownsFolder);
        Http = new() { BaseAddress = new($"http://127.0.0.1:{sidecar.HttpPort}") };
    }

    public MeshSidecar Sidecar { get; }

    public HttpClient Http { get; }

    public static DirectoryInfo NewFolder() => Directory.CreateTempSubdirectory("pubsub-tests-");

    /// <summary>Starts it; <paramref name="resources"/> are YAML documents, in which DIR is the folder.</summary>
    public static async Task<SidecarUnderTest> StartAsync(
        int? appPort, string resources, Func<SidecarOptions, SidecarOptions>? change = null, DirectoryInfo? folder = null,
        bool ready = true, ILoggerFactory? log = null)
    {
        var own = folder is null;
        folder ??= NewFolder();
        var path = folder.CreateSubdirectory("resources").FullName;
        await File.WriteAllTextAsync(Path.Combine(path, "all.yaml"), resources.Replace("DIR", folder.FullName, StringComparison.Ordinal));
        var options = new SidecarOptions { AppId = "app", HttpPort = 0, AppPort = appPort, ResourcesPaths = [path], DataPath = folder.FullName };
        var brokers = new BrokerPool(NullLoggerFactory.Instance);
        var sidecar = await MeshSidecar.StartAsync(
            change?.Invoke(options) ?? options, new(log ?? NullLoggerFactory.Instance, brokers, TimeProvider.System), TestContext.Current.CancellationToken);
        if (ready)
        {
            await sidecar.Ready.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }

        return new(sidecar, brokers, folder, own);
    }

    public static string PubSub(string type, string metadata = "") => $"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: pubsub
        spec:
          type: {type}
          version: v1
          metadata:
          - name: {(type == "pubsub.embedded" ? "path" : "ignored")}
            value: "DIR/broker"
        {metadata}
        ---

        """;

    public static string Resiliency(string spec) => $"""
        apiVersion: dapr.io/v1alpha1
        kind: Resiliency
        metadata:
          name: resiliency
        spec:
        {spec}
        ---

        """;

    public async Task PublishAsync(string topic, object data, string query = "")
    {
        using var answer = await Http.PostAsJsonAsync($"/v1.0/publish/pubsub/{topic}{query}", data, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async Task<(HttpStatusCode Status, string Body)> SendAsync(string path, string body, string contentType = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new(contentType);
        using var answer = await Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Sidecar.DisposeAsync();
        await _brokers.DisposeAsync();
        if (_ownsFolder)
        {
            _folder.Delete(recursive: true);
        }
    }
}

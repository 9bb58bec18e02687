using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Kit.Tests;
using HmsMesh.Shared;
using HmsMesh.Sidecar;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Services.Tests.Helpers;

/// <summary>Instances of a service in Node or Python, each with a sidecar of its own, over one durable broker and one state store.</summary>
internal sealed class HelperMesh : IAsyncDisposable
{
    private const string ApiToken = "the-api-token";
    private readonly string _folder = Directory.CreateTempSubdirectory("helpers-").FullName;
    private readonly BrokerPool _brokers = new(NullLoggerFactory.Instance);
    private readonly SidecarDirectory _directory = new();
    private readonly List<MeshSidecar> _sidecars = [];
    private readonly List<(int Sidecar, HelperApp App)> _instances = [];
    private readonly HttpClient _http = new();
    private readonly string _language;
    private MeshSidecar? _own;

    private HelperMesh(string language) => _language = language;

    public HelperApp First => _instances[0].App;

    public HelperApp Second => _instances[1].App;

    private string Gate => Path.Combine(_folder, "gate");

    private string Program => Path.Combine(_folder, "services", "counter", _language == "node" ? "counter.js" : "counter.py");

    public static async Task<HelperMesh> StartAsync(string language, int instances = 1, bool maySay = true)
    {
        if (await Runtimes.MissingAsync(language) is { } missing)
            Assert.Skip(missing);
        var mesh = new HelperMesh(language);
        mesh.Write("services/counter/contracts/order.placed.json", """{"title":"OrderPlaced","x-subject":"orderId","type":"object","required":["orderId"],"properties":{"orderId":{"type":"string"},"fails":{"type":"boolean"}}}""");
        mesh.Write("services/counter/contracts/order.counted.json", """{"title":"OrderCounted","x-subject":"orderId","type":"object","required":["orderId","count"],"properties":{"orderId":{"type":"string"},"count":{"type":"integer"}}}""");
        File.Copy(Path.Combine(Runtimes.Root, "tests", "services", "Helpers", Path.GetFileName(mesh.Program)), mesh.Program);
        for (var i = 0; i < instances; i++)
        {
            var (sidecar, app) = (FreePorts.Take(), FreePorts.Take());
            mesh._instances.Add((sidecar, new HelperApp(mesh.Command(sidecar, app), app)));
        }

        await mesh.StartSidecarsAsync(maySay);
        foreach (var (_, app) in mesh._instances)
            await app.StartAsync();
        return mesh;
    }

    /// <summary>Sidecars that let the service say what it says, or not.</summary>
    public async Task StartSidecarsAsync(bool maySay)
    {
        foreach (var sidecar in _sidecars)
            await sidecar.StopAsync(CancellationToken.None);
        _sidecars.Clear();
        Write("resources/mesh.yaml", $"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata:
              name: pubsub
            spec:
              type: pubsub.embedded
              version: v1
              metadata:
                - name: publishingScopes
                  value: 'counter={(maySay ? "order.counted" : "")}'
                - name: maxBackoff
                  value: 1s
            ---
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata:
              name: statestore
            spec:
              type: state.sqlite
              version: v1
              metadata:
                - name: connectionString
                  value: '{Path.Combine(_folder, "state.db")}'
            ---
            apiVersion: dapr.io/v2alpha1
            kind: Subscription
            metadata:
              name: counter-order-placed
            spec:
              pubsubname: pubsub
              topic: order.placed
              routes:
                default: /events/order.placed
            scopes:
              - counter
            """);
        foreach (var (port, app) in _instances)
            _sidecars.Add(await SidecarAsync("counter", port, app.Port));
        _sidecars.Add(_own = await SidecarAsync("mesh", 0, null));
    }

    public void CloseGate() => File.WriteAllText(Gate, "");

    public void OpenGate() => File.Delete(Gate);

    public Task BegunAsync(string id, int times = 1) =>
        Eventually.BeAsync(() => Task.FromResult(Starts(id) >= times), $"{id} is begun:\n{string.Join('\n', _instances.Select(i => i.App))}", 60);

    /// <summary>How often handlers were begun for this event.</summary>
    public int Starts(string id) => _instances.Sum(i => i.App.Begun(id));

    public async Task PublishAsync(string id, object data)
    {
        var body = new { specversion = "1.0", id, source = "tests", type = "gov.hms.order.placed.v1", topic = "order.placed", data };
        using var content = new StringContent(JsonSerializer.Serialize(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{_own!.HttpPort}/v1.0/publish/pubsub/order.placed") { Content = content };
        request.Headers.Add("dapr-api-token", ApiToken);
        using var answer = await _http.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What the service has counted.</summary>
    public async Task<int> CountAsync(string order = "order-1")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_instances[0].Sidecar}/v1.0/state/statestore/{order}");
        request.Headers.Add("dapr-api-token", ApiToken);
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return text.Length == 0 ? 0 : int.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>The events that the service said, as the broker has them; this one passes nothing over that came twice.</summary>
    public async Task<IReadOnlyList<JsonElement>> SaidAsync()
    {
        await using var lease = await _brokers.RentAsync(new BrokerOptions { Path = Path.Combine(_folder, "data", "broker") }, CancellationToken.None);
        var said = new List<JsonElement>();
        await foreach (var one in lease.Broker.ReadAsync(0, follow: false, CancellationToken.None))
        {
            if (one.Topic == "order.counted")
                said.Add(JsonElement.Parse(one.Data.Span));
        }

        return said;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, app) in _instances)
            await app.DisposeAsync();
        foreach (var sidecar in _sidecars)
            await sidecar.StopAsync(CancellationToken.None);
        await _brokers.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<MeshSidecar> SidecarAsync(string appId, int port, int? appPort)
    {
        var options = new SidecarOptions
        {
            AppId = appId,
            HttpPort = port,
            AppPort = appPort,
            ResourcesPaths = [Path.Combine(_folder, "resources")],
            DataPath = Path.Combine(_folder, "data"),
            ApiToken = ApiToken,
            AppToken = HelperApp.AppToken,
        };
        return MeshSidecar.StartAsync(options, new SidecarServices(NullLoggerFactory.Instance, _brokers, TimeProvider.System, _directory), CancellationToken.None);
    }

    private ProcessStartInfo Command(int sidecarPort, int appPort)
    {
        var start = new ProcessStartInfo(Runtimes.Program(_language), [Program]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["KIT"] = Path.Combine(Runtimes.Root, "services", "kit", _language);
        start.Environment["GATE"] = Gate;
        start.Environment["APP_ID"] = "counter";
        start.Environment["APP_PORT"] = appPort.ToString(CultureInfo.InvariantCulture);
        start.Environment["APP_API_TOKEN"] = HelperApp.AppToken;
        start.Environment["DAPR_HTTP_PORT"] = sidecarPort.ToString(CultureInfo.InvariantCulture);
        start.Environment["DAPR_HTTP_ENDPOINT"] = $"http://127.0.0.1:{sidecarPort}";
        start.Environment["DAPR_API_TOKEN"] = ApiToken;
        return start;
    }

    private void Write(string file, string content)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}

using HmsMesh.Broker;
using HmsMesh.Sidecar.Tests.Core;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>Sidecars that find each other: by the names database of a folder, as processes would, or in memory, as in one host.</summary>
internal sealed class CallMesh : IAsyncDisposable
{
    private readonly List<(MeshSidecar Sidecar, HttpClient Http)> _sidecars = [];
    private readonly BrokerPool _brokers;
    private readonly SidecarDirectory? _host;
    private int _started;

    private CallMesh(bool host)
    {
        Log = new CapturedLog();
        _brokers = new BrokerPool(Log);
        _host = host ? new SidecarDirectory() : null;
    }

    public CapturedLog Log { get; }

    public Folder Folder { get; } = new([]);

    public string NamesFile => Path.Combine(Folder.Path, "names.db");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static CallMesh ByFile() => new(host: false);

    public static CallMesh InHost() => new(host: true);

    public static CallMesh Of(bool host) => new(host);

    /// <summary>Starts a sidecar and waits until it is ready; its API's client comes back.</summary>
    public async Task<HttpClient> AddAsync(
        string appId, int? appPort = null, string resources = "", string config = "", Func<SidecarOptions, SidecarOptions>? change = null)
    {
        var (_, http) = await StartAsync(appId, appPort, resources, config, change);
        return http;
    }

    public async Task<(MeshSidecar Sidecar, HttpClient Http)> StartAsync(
        string appId, int? appPort = null, string resources = "", string config = "", Func<SidecarOptions, SidecarOptions>? change = null)
    {
        var number = Interlocked.Increment(ref _started) - 1;
        var own = Path.Combine(Folder.Path, $"resources-{number}");
        Directory.CreateDirectory(own);
        if (resources.Length > 0)
        {
            await File.WriteAllTextAsync(Path.Combine(own, "all.yaml"), resources, Token);
        }

        var options = new SidecarOptions { AppId = appId, HttpPort = 0, AppPort = appPort, ResourcesPaths = [own], DataPath = Folder.Path };
        if (config.Length > 0)
        {
            var file = Path.Combine(Folder.Path, $"config-{number}.yaml");
            await File.WriteAllTextAsync(file, config, Token);
            options = options with { ConfigPaths = [file] };
        }

        options = change?.Invoke(options) ?? options;
        var sidecar = await MeshSidecar.StartAsync(options, new SidecarServices(Log, _brokers, TimeProvider.System, _host), Token);
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, MaxResponseDrainSize = 0 })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{sidecar.HttpPort}"),
            Timeout = TimeSpan.FromSeconds(60),
        };
        lock (_sidecars)
        {
            _sidecars.Add((sidecar, http));
        }

        await sidecar.Ready.WaitAsync(TimeSpan.FromSeconds(20), Token);
        return (sidecar, http);
    }

    public static string Resiliency(string spec) => $"""
        apiVersion: dapr.io/v1alpha1
        kind: Resiliency
        metadata:
          name: resiliency
        spec:
        {string.Join('\n', spec.Split('\n').Select(static line => "  " + line))}
        """;

    public async ValueTask DisposeAsync()
    {
        foreach (var (sidecar, http) in _sidecars)
        {
            http.Dispose();
            await sidecar.DisposeAsync();
        }

        await _brokers.DisposeAsync();
        Log.Dispose();
        Folder.Dispose();
    }
}

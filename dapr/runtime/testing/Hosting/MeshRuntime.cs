using System.Security.Cryptography;
using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Contracts;
using HmsMesh.Shared;
using HmsMesh.Sidecar;
using HmsMesh.Testing.Journal;
using HmsMesh.Testing.Resources;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Testing.Hosting;

/// <summary>All that runs for one in-process mesh, and the folder that it writes to.</summary>
internal sealed class MeshRuntime : IAsyncDisposable
{
    private readonly Dictionary<string, MeshNode> _nodes = new(StringComparer.Ordinal);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mesh-");
    private readonly LogTail _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly BrokerPool _brokers;

    private Publisher? _publisher;

    private MeshRuntime()
    {
        _loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(_log));
        _brokers = new BrokerPool(_loggers);
        Journal = new MeshJournal(_log);
    }

    public MeshJournal Journal { get; }

    public Publisher Publisher => _publisher ?? throw new InvalidOperationException("The mesh has not started.");

    public static async Task<MeshRuntime> StartAsync(MeshBuilder builder, CancellationToken cancellationToken)
    {
        var runtime = new MeshRuntime();
        try
        {
            runtime.Prepare(builder);
            // Sidecars first: each makes its subscriptions known to the broker, so that no service's first event misses another.
            var nodes = runtime._nodes.Values;
            await Task.WhenAll(nodes.Select(n => n.StartSidecarAsync(cancellationToken))).ConfigureAwait(false);
            await Task.WhenAll(nodes.Select(n => n.StartServiceAsync(cancellationToken)).Append(runtime.Publisher.StartAsync(cancellationToken)))
                .ConfigureAwait(false);
            return runtime;
        }
        catch
        {
            await runtime.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public MeshNode Node(string appId) => _nodes.TryGetValue(appId, out var node)
        ? node
        : throw new InvalidOperationException($"The mesh has no service {appId}; it has {string.Join(", ", _nodes.Keys)}.");

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Values.Select(n => n.DisposeAsync().AsTask())).ConfigureAwait(false);
        if (_publisher is not null)
            await _publisher.DisposeAsync().ConfigureAwait(false);
        await _brokers.DisposeAsync().ConfigureAwait(false);
        _loggers.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Token() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private void Prepare(MeshBuilder builder)
    {
        var resources = WriteResources(builder, out var contracts);
        var shared = new SidecarServices(_loggers, _brokers, TimeProvider.System, new SidecarDirectory());
        foreach (var (appId, host) in builder.Hosts)
        {
            var settings = new ServiceSettings(
                appId, FreePorts.Take(), FreePorts.Take(), Token(), Token(), Sub("services"), builder.Connections(appId), Journal, _log)
            {
                Own = builder.Settings,
            };
            _nodes.Add(appId, new MeshNode(settings, host, Options(appId, resources, settings), shared));
        }

        _publisher = new Publisher(Options(Publisher.AppId, resources, settings: null), shared, contracts);
    }

    private string WriteResources(MeshBuilder builder, out List<ContractBook> contracts)
    {
        var target = Sub("resources");
        File.WriteAllText(Path.Combine(Sub("data"), "secrets.json"), JsonSerializer.Serialize(builder.Secrets));
        contracts = [];
        if (builder.HasPrograms)
        {
            ResourceFolder.Copy(builder.ResourcesFolder, target);
            contracts.AddRange(builder.Assemblies.Select(ContractBook.FromAssembly));
        }

        if (builder.Lambdas.Count > 0)
            ResourceFolder.WriteOpenPubSub(target);
        foreach (var (appId, configure) in builder.Lambdas)
        {
            var service = LambdaHost.Configure([$"--APP_ID={appId}"], configure);
            ResourceFolder.WriteSubscriptions(target, appId, service.HeardTopics);
            contracts.Add(service.Contracts);
        }

        return target;
    }

    private SidecarOptions Options(string appId, string resources, ServiceSettings? settings) => new()
    {
        AppId = appId,
        HttpPort = settings?.DaprPort ?? 0,
        AppPort = settings?.AppPort,
        AppHealth = settings is null ? null : new AppHealthOptions { Interval = TimeSpan.FromSeconds(1) },
        ResourcesPaths = [resources],
        DataPath = Sub("data"),
        MaxBodySize = 16 << 20,
        ApiToken = settings?.ApiToken ?? Token(),
        AppToken = settings?.AppToken,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // As `mesh up` names them to components/embedded.
            ["MESH_STATE"] = Path.Combine(Sub("data"), "state.db"),
            ["MESH_SECRETS"] = Path.Combine(Sub("data"), "secrets.json"),
        },
    };

    private string Sub(string name) => _folder.CreateSubdirectory(name).FullName;
}

using HmsMesh.Broker;
using HmsMesh.Broker.Native;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;
using HmsMesh.Cli.Logs;
using HmsMesh.Cli.Processes;
using HmsMesh.Cli.Supervision.Sidecars;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Cli.Supervision;

/// <summary>A running mesh: the broker, a sidecar for each service, the services, and the socket by which commands reach them.</summary>
internal sealed class MeshHost : IAsyncDisposable
{
    private readonly MeshContext _context;
    private readonly UpRequest _request;
    private readonly DataFolder _data;
    private readonly ProcessLock _lock;
    private readonly HealthProbe _probe;
    private readonly ILoggerFactory _brokerLog;
    private readonly ServiceTools _tools;
    private readonly MeshPlan _plan;
    private readonly ISidecarStarter _sidecars;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StatsProbe _stats = new();
    private readonly CancellationTokenSource _end = new();
    private ControlServer? _control;
    private bool _starting;
    private bool _ending;

    private MeshHost(MeshContext context, UpRequest request, DataFolder data, ProcessLock folderLock, LogHub hub, MeshPlan plan)
    {
        _context = context;
        _request = request;
        _data = data;
        _lock = folderLock;
        Hub = hub;
        _probe = new HealthProbe(context.Time);

        // Where each sidecar is a process, this one only looks into the broker, again and again; who writes it, they say.
        _brokerLog = HubLoggerProvider.Factory(hub, "broker", LogSource.Mesh, request.Isolated ? LogLevel.Warning : LogLevel.Information);
        Brokers = new BrokerPool(_brokerLog);
        Leftovers = new Leftovers(data, context.Time, Report);
        _tools = new ServiceTools(hub, _probe, Leftovers, Report, context.Time, request.LongestBackoff);
        _plan = plan;
        _sidecars = request.Isolated ? new SidecarProcesses(_tools) : new HostedSidecars(Brokers, hub, context.Time);
        Ending = _end.Token;
        Own = new SidecarRunner(plan.Own, _sidecars, Report, context.Time, request.LongestBackoff);
        Services = [.. plan.Services.Select(service => Group(service))];
    }

    public IReadOnlyList<ServiceGroup> Services { get; }

    public IEnumerable<ServiceRunner> Instances => Services.SelectMany(service => service.Instances);

    /// <summary>The sidecar of app id `mesh`.</summary>
    public SidecarRunner Own { get; }

    public BrokerPool Brokers { get; }

    /// <summary>The folder that the sidecars' pubsub.embedded keeps where its metadata names no path.</summary>
    public BrokerOptions BrokerOptions => new() { Path = Path.Combine(_data.Path, "broker"), Time = _context.Time };

    public LogHub Hub { get; }

    public Leftovers Leftovers { get; }

    /// <summary>Completes when `mesh down` asks.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Cancelled when the mesh ends.</summary>
    public CancellationToken Ending { get; }

    /// <summary>Completes when each service is healthy, or is known not to become so at once.</summary>
    public Task Settled => Task.WhenAll(Instances.Select(service => service.Settled));

    /// <summary>Takes the data folder and settles the plan; nothing runs yet.</summary>
    public static MeshHost Create(MeshContext context, UpRequest request)
    {
        var data = DataFolder.At(context.Root, request.Data);
        data.Prepare();
        var folderLock = FolderLock.Take(data);
        try
        {
            if (File.Exists(data.Restoring))
                throw new MeshException($"a restore into {data.Path} was cut off half-way, and its parts don't belong together; run 'mesh restore FILE --replace' again, or 'mesh reset'.");
            var plan = MeshPlan.Make(context, request, data);
            return new MeshHost(context, request, data, folderLock, new LogHub(data.Logs, context.Time), plan);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Clears away what an earlier mesh left and starts the sidecars. Every declared subscription is registered before any
    /// service can say anything: the first event misses nobody.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        foreach (var service in await Leftovers.EndAsync(cancellationToken))
            Report($"ended {service}, which an earlier mesh left behind");
        _control = await ControlServer.StartAsync(_data, this, _context.Time, cancellationToken);
        await Task.WhenAll(Instances.Select(service => service.Sidecar).Append(Own).Select(sidecar => sidecar.StartAsync(cancellationToken)));
        await _control.WarmAsync(this, cancellationToken);
    }

    /// <summary>All at once: none may depend on an order.</summary>
    public Task StartServicesAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _starting, true);
        return Task.WhenAll(Instances.Select(service => service.StartAsync(cancellationToken)));
    }

    public void AskToEnd() => _asked.TrySetResult();

    /// <summary>Deliveries end, services drain, then sidecars; the broker closes with its last user. Cancelled, it kills what still drains.</summary>
    public async Task StopAsync(CancellationToken hurry)
    {
        await BeginToEndAsync();
        await Task.WhenAll(Instances.Select(service => service.StopServiceAsync(hurry)));
        await Task.WhenAll(Instances.Select(service => service.Sidecar).Append(Own).Select(sidecar => sidecar.StopAsync(hurry)));
    }

    public ServiceGroup Find(string name) =>
        Services.FirstOrDefault(service => service.Name == name)
        ?? throw new MeshException(
            $"no service '{name}' is in this mesh{Suggestion.For(name, Services.Select(service => service.Name))}; there are " +
            $"{string.Join(", ", Services.Select(service => service.Name))}.",
            ExitCode.Usage);

    /// <summary>All instances of a service, or the one that is named.</summary>
    public IReadOnlyList<ServiceRunner> FindInstances(string label)
    {
        var service = Find(label.Split('#')[0]);
        return service.Name == label
            ? service.Instances
            : service.Instances.FirstOrDefault(instance => instance.Plan.Label == label) is { } one
                ? [one]
                : throw new MeshException(
                    $"no instance '{label}' is in this mesh; there are {string.Join(", ", service.Instances.Select(instance => instance.Plan.Label))}.",
                    ExitCode.Usage);
    }

    /// <summary>How all are now: each service is asked, and so is the broker.</summary>
    public async Task<MeshStatus> StatusAsync(CancellationToken cancellationToken, bool counts = false)
    {
        // Looked at before the services are asked: one that becomes healthy meanwhile is told as starting, and the mesh as not settled.
        // A mesh that ends on its way up has settled nothing, though its services are all stopped then.
        var settled = Volatile.Read(ref _starting) && Settled.IsCompleted;
        var (waiting, twice) = await WaitingAsync(cancellationToken);
        var services = await Task.WhenAll(Instances.Select(service => StatusOfAsync(service, waiting, counts, cancellationToken)));
        settled &= !Volatile.Read(ref _ending);
        return new MeshStatus(Environment.ProcessId, _data.Path, _request.Broker, settled, services)
        {
            PublishedTwice = counts ? twice : null,
            OwnSidecar = new OwnSidecar(Own.Options.HttpPort, Own.Pid, Own.Restarts, Own.Problem),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await BeginToEndAsync();
        foreach (var service in Services)
            await service.DisposeAsync();
        await Own.DisposeAsync();
        if (_control is not null)
            await _control.DisposeAsync();
        await Brokers.DisposeAsync();
        (_sidecars as IDisposable)?.Dispose();
        await Hub.DisposeAsync();
        _probe.Dispose();
        _stats.Dispose();
        _brokerLog.Dispose();
        _end.Dispose();
        File.Delete(_data.Socket);
        _lock.Dispose();
    }

    /// <summary>How many events each consumer has before it; nothing where another broker than ours is used.</summary>
    private async Task<(Dictionary<string, long> Waiting, long? Twice)> WaitingAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(BrokerOptions.Path) || !Own.Running)
            return ([], null);
        await using var lease = await Brokers.RentAsync(BrokerOptions, cancellationToken);
        var status = await lease.Broker.StatusAsync(cancellationToken);
        var waiting = status.Subscribers
            .GroupBy(subscriber => subscriber.Consumer)
            .ToDictionary(group => group.Key, group => group.Sum(subscriber => subscriber.Lag));
        return (waiting, status.Duplicates);
    }

    private async Task<ServiceStatus> StatusOfAsync(ServiceRunner service, Dictionary<string, long> waiting, bool counts, CancellationToken cancellationToken)
    {
        var state = service.Alone || (service.State is ServiceState.Healthy && !await _probe.IsHealthyAsync(service.Plan, cancellationToken))
            ? ServiceState.Unhealthy
            : service.State;
        var circuits = await service.Sidecar.CircuitsAsync(cancellationToken);
        var stats = counts && state is ServiceState.Healthy ? await _stats.AskAsync(service.Plan, cancellationToken) : null;
        return new ServiceStatus
        {
            Service = service.Plan.Label,
            Instance = service.Plan.Number,
            State = state.ToString().ToLowerInvariant(),
            Pid = service.Pid,
            SidecarPid = service.Sidecar.Pid,
            SidecarRestarts = service.Sidecar.Restarts,
            EnvironmentFile = service.Plan.EnvironmentFile,
            Address = service.Plan.Address,
            SidecarPort = service.Plan.SidecarPort,
            Page = service.Plan.Page is { } page ? service.Plan.Address + page : null,
            HealthyAfterMs = service.HealthyAfter?.TotalMilliseconds,
            CpuUntilHealthyMs = service.CpuUntilHealthy?.TotalMilliseconds,
            Restarts = service.Restarts,
            Waiting = waiting.GetValueOrDefault(service.Plan.Name),
            Events = stats?.Events,
            Breakers = stats?.Breakers,
            Circuits = circuits.Count > 0 ? circuits : null,
            Problem = service.Problem,
        };
    }

    private Task BeginToEndAsync()
    {
        Volatile.Write(ref _ending, true);
        return _end.CancelAsync();
    }

    private ServiceGroup Group(InstancePlan first) => new(
        Runner(first),
        number => Runner(_plan.AnotherInstance(first.Service.App, number)),
        gone => _plan.Release(gone.Plan),
        Ending);

    private ServiceRunner Runner(InstancePlan plan) =>
        new(plan.Service, new SidecarRunner(plan.Sidecar, _sidecars, Report, _context.Time, _request.LongestBackoff), _tools);

    private void Report(string text) => _context.Error.WriteLine($"mesh: {text}");
}

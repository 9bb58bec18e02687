using System.Collections.Concurrent;
using System.Globalization;
using HmsMesh.Cli.Processes;
using HmsMesh.Cli.RunFile;
using HmsMesh.Cli.Supervision;
using HmsMesh.Cli.Up;
using HmsMesh.Shared;

namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>A sidecar under measurement, as a process.</summary>
internal sealed class SidecarProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Child _child;

    private SidecarProcess(Child child, int port, StartCost cost) => (_child, Port, Cost) = (child, port, cost);

    public int Port { get; }

    public int Pid => _child.Pid;

    public StartCost Cost { get; }

    /// <summary>CPU used so far.</summary>
    public TimeSpan Cpu => ProcessStamp.CpuOf(_child.Pid) ?? TimeSpan.Zero;

    public double ResidentMegabytes => ProcessStamp.ResidentOf(_child.Pid);

    /// <summary>Starts one and waits until it is healthy. Throws <see cref="MeshException"/> with its last lines where it doesn't become so.</summary>
    public static async Task<SidecarProcess> StartAsync(
        BenchTarget target, BenchFolder folder, string appId, int? appPort, TimeProvider time, CancellationToken cancellationToken)
    {
        var port = FreePorts.Take();
        var said = new ConcurrentQueue<string>();
        var began = time.GetTimestamp();
        var child = Child.Start([.. target.Command, .. Flags(folder, appId, port, appPort)], folder.Path, new Dictionary<string, string>(), said.Enqueue);
        try
        {
            using var probe = new HealthProbe(time);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var plan = BareKestrel.Plan() with
            {
                App = new RunApp { AppId = appId, Folder = folder.Path, Command = target.Command, Place = "", AppHealth = new() { Path = "/v1.0/healthz" } },
                AppPort = port,
            };
            var healthy = probe.UntilHealthyAsync(plan, ended.Token);
            if (await Task.WhenAny(healthy, child.Ended, Task.Delay(Patience, time, ended.Token)) != healthy)
            {
                await ended.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
                throw new MeshException($"'{string.Join(' ', target.Command)}' did not become healthy:\n{string.Join('\n', said.TakeLast(10))}");
            }

            await healthy;
            return new SidecarProcess(child, port, new StartCost(time.GetElapsedTime(began), ProcessStamp.CpuOf(child.Pid) ?? TimeSpan.Zero));
        }
        catch
        {
            await EndAsync(child);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await EndAsync(_child);

    private static async Task EndAsync(Child child)
    {
        child.Kill();
        await child.Ended;
        child.Dispose();
    }

    private static IEnumerable<string> Flags(BenchFolder folder, string appId, int port, int? appPort)
    {
        yield return "--app-id";
        yield return appId;
        foreach (var (flag, number) in new[]
        {
            ("--dapr-http-port", port), ("--dapr-grpc-port", FreePorts.Take()), ("--dapr-internal-grpc-port", FreePorts.Take()), ("--metrics-port", FreePorts.Take()),
        })
        {
            yield return flag;
            yield return number.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var word in new[]
        {
            "--dapr-listen-addresses", "127.0.0.1", "--dapr-internal-grpc-listen-address", "127.0.0.1", "--metrics-listen-address", "127.0.0.1",
            "--resources-path", folder.Resources, "--config", folder.Configuration, "--log-level", "error",
        })
        {
            yield return word;
        }

        if (appPort is { } app)
        {
            yield return "--app-port";
            yield return app.ToString(CultureInfo.InvariantCulture);
        }
    }
}

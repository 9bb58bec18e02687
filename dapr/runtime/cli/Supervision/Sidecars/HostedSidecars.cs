using System.Collections.Concurrent;
using HmsMesh.Broker;
using HmsMesh.Cli.Logs;
using HmsMesh.Sidecar;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Cli.Supervision.Sidecars;

/// <summary>Starts sidecars in this process, over one broker that they share in memory, where they call each other too.</summary>
internal sealed class HostedSidecars(BrokerPool brokers, LogHub hub, TimeProvider time) : ISidecarStarter, IDisposable
{
    private readonly ConcurrentDictionary<string, ILoggerFactory> _loggers = new();
    private readonly SidecarDirectory _directory = new();

    public async Task<ISidecar> StartAsync(SidecarPlan plan, CancellationToken cancellationToken)
    {
        var loggers = _loggers.GetOrAdd(plan.Label, label => HubLoggerProvider.Factory(hub, label, LogSource.Sidecar, LevelOf(plan.Options.LogLevel)));
        return new HostedSidecar(await MeshSidecar.StartAsync(plan.Options, new SidecarServices(loggers, brokers, time, _directory), cancellationToken));
    }

    public void Dispose()
    {
        foreach (var loggers in _loggers.Values)
            loggers.Dispose();
    }

    private static LogLevel LevelOf(string level) => level switch
    {
        "debug" => LogLevel.Debug,
        "warn" => LogLevel.Warning,
        "error" or "fatal" => LogLevel.Error,
        _ => LogLevel.Information,
    };
}

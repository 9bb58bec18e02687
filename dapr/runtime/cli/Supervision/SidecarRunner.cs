using HmsMesh.Broker;
using HmsMesh.Cli.Logs;
using HmsMesh.Sidecar;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Cli.Supervision;

/// <summary>One app's sidecar in this process; started again after a stop it is the same one, on the same port.</summary>
internal sealed class SidecarRunner(SidecarOptions options, BrokerPool brokers, LogHub hub, TimeProvider time) : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers = HubLoggerProvider.Factory(hub, options.AppId, LogSource.Sidecar, LevelOf(options.LogLevel));
    private MeshSidecar? _sidecar;

    public SidecarOptions Options => options;

    public bool Running => _sidecar is { Ended.IsCompleted: false };

    /// <summary>Returns once the declared subscriptions are registered and the API listens.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Running)
            return;
        _sidecar = await MeshSidecar.StartAsync(options, new SidecarServices(_loggers, brokers, time), cancellationToken);
    }

    /// <summary>Completes when the app is there and deliveries flow.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _sidecar?.Ready.WaitAsync(cancellationToken) ?? Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _sidecar, null) is not { } sidecar)
            return;
        try
        {
            await sidecar.StopAsync(cancellationToken);
        }
        catch (SidecarException) when (sidecar.Ended.IsFaulted)
        {
            // Its log tells the fault that ended it; it has ended all the same.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _loggers.Dispose();
    }

    private static LogLevel LevelOf(string level) => level switch
    {
        "debug" => LogLevel.Debug,
        "warn" => LogLevel.Warning,
        "error" or "fatal" => LogLevel.Error,
        _ => LogLevel.Information,
    };
}

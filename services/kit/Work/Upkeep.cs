using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit;

/// <summary>Runs what the service does by itself now and then.</summary>
internal sealed class Upkeep(IEnumerable<IUpkeep> works, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Upkeep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private readonly IUpkeep[] _works = [.. works];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_works.Length == 0)
        {
            return;
        }

        try
        {
            // Before that there are no tables.
            await StartedAsync(stoppingToken).ConfigureAwait(false);
            using var timer = new PeriodicTimer(Interval, time);
            do
            {
                foreach (var work in _works)
                {
                    await RunAsync(work, stoppingToken).ConfigureAwait(false);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task StartedAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await using (registration.ConfigureAwait(false))
        {
            await started.Task.WaitAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(IUpkeep work, CancellationToken stoppingToken)
    {
        try
        {
            await work.RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            log.UpkeepFailed(e, work.GetType().Name);
        }
    }
}

using HmsMesh.Gateway.SignIn;
using Microsoft.Extensions.Hosting;

namespace HmsMesh.Gateway.Idempotency;

/// <summary>Forgets answers after a day, and sessions that have ended.</summary>
internal sealed class Housekeeping(SessionStore sessions, AnswerStore answers, TimeProvider time, ILogger<Housekeeping> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await PruneAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task PruneAsync(CancellationToken ct)
    {
        try
        {
            var now = time.GetUtcNow();
            var ended = await sessions.PruneAsync(now, now - Sessions.Idle, ct);
            log.Pruned(ended, await answers.PruneAsync(now - Answers.Kept, ct));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.PruneFailed(e);
        }
    }
}

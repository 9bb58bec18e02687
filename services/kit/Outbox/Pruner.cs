using HmsMesh.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit;

/// <summary>Takes away what nobody can ask for any more: sent events, notes of events that the broker no longer keeps, and the counters
/// of subjects of which nothing was said since (the time in microseconds is greater than they were).</summary>
internal sealed class Pruner(Database database, MeshSettings settings, TimeProvider time, ILogger<Pruner> log) : BackgroundService
{
    private const int Batch = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var inbox = await DeleteAsync(
            "DELETE FROM mesh_inbox WHERE (source, id, handler) IN (SELECT source, id, handler FROM mesh_inbox WHERE handled_at < @before LIMIT 1000)",
            (now - settings.InboxRetention).ToUnixTimeMilliseconds(),
            cancellationToken).ConfigureAwait(false);
        var outbox = await DeleteAsync(
            "DELETE FROM mesh_outbox WHERE id IN (SELECT id FROM mesh_outbox WHERE sent_at IS NOT NULL AND sent_at < @before LIMIT 1000)",
            (now - settings.OutboxRetention).ToUnixTimeMilliseconds(),
            cancellationToken).ConfigureAwait(false);
        var subjects = await DeleteAsync(
            """
            DELETE FROM mesh_subject WHERE sequence < @before AND subject IN (SELECT subject FROM mesh_subject s WHERE s.sequence < @before
                AND NOT EXISTS (SELECT 1 FROM mesh_outbox o WHERE o.subject = s.subject AND o.sent_at IS NULL) LIMIT 1000)
            """,
            Sequence.Micros(now - settings.InboxRetention),
            cancellationToken).ConfigureAwait(false);
        log.Pruned(inbox, outbox, subjects);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await PruneAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.RelayFailed(e);
            }
        }
    }

    // In small transactions, so that handlers don't wait.
    private async Task<int> DeleteAsync(string sql, long before, CancellationToken cancellationToken)
    {
        var total = 0;
        while (true)
        {
            var session = await database.BeginAsync(cancellationToken).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                var deleted = await session.Connection.RunAsync(sql, cancellationToken, ("before", before)).ConfigureAwait(false);
                await session.CommitAsync().ConfigureAwait(false);
                total += deleted;
                if (deleted < Batch)
                {
                    return total;
                }
            }
        }
    }
}

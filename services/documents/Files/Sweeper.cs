using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using HmsMesh.Kit;

namespace HmsMesh.Documents.Files;

/// <summary>Removes files that no document belongs to: all that a crash left, at the start, and later those of which a failing database
/// left it open. A file that an instance is writing is locked, and none of them.</summary>
internal sealed class Sweeper(DocumentFolder folder, IWorkshop workshop, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Sweeper> log) : BackgroundService
{
    private const int AtATime = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<string> _doubtful = new();

    /// <summary>Nobody knows whether a document has this file.</summary>
    public void Doubt(string id) => _doubtful.Enqueue(id);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Before that there are no tables.
            await StartedAsync(stoppingToken);
            while (!await TryAsync(SweepAsync, stoppingToken))
                await Task.Delay(Pause, time, stoppingToken);
            while (true)
            {
                await Task.Delay(Pause, time, stoppingToken);
                await TryAsync(ResolveAsync, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task StartedAsync(CancellationToken ct)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(ct);
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task<int>> sweep, CancellationToken ct)
    {
        try
        {
            if (await sweep(ct) is > 0 and var count)
                Log.Swept(log, count);
            return true;
        }
        catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException)
        {
            Log.SweepFailed(log, e, folder.Path);
            return false;
        }
    }

    private async Task<int> SweepAsync(CancellationToken ct)
    {
        var count = 0;
        foreach (var ids in folder.Ids(AtATime))
        {
            var list = new SqlList("select id from documents where id in @id", "id", ids);
            var known = await workshop.ReadAsync(
                async (db, _) => (await db.QueryAsync<string>(list.Sql, list.With())).ToHashSet(StringComparer.Ordinal), ct);
            foreach (var id in ids.Where(i => !known.Contains(i)))
                count += await RemoveAsync(id, ct) ? 1 : 0;
        }

        return count;
    }

    private async Task<int> ResolveAsync(CancellationToken ct)
    {
        var count = 0;
        while (_doubtful.TryPeek(out var id))
        {
            count += await RemoveAsync(id, ct) ? 1 : 0;
            _doubtful.TryDequeue(out _);
        }

        return count;
    }

    /// <summary>False where the file is someone's. A commit of a process that died may still be under way in the database: the row that is
    /// written here in place of its own waits for it, and is not kept.</summary>
    private async Task<bool> RemoveAsync(string id, CancellationToken ct)
    {
        await using var file = folder.Lock(id);
        if (file is null)
            return false;
        return await workshop.RunAsync(
            async (work, _) =>
            {
                var isNobodys = await work.Db.ExecuteAsync(
                    "insert into documents (id, citizen, sha256, bytes, content_type, stored_at) values (@id, '', '', 0, '', 0) on conflict do nothing", new { id }) == 1;
                if (!isNobodys)
                    return false;
                folder.Delete(id);
                await work.Db.ExecuteAsync("delete from documents where id = @id and citizen = ''", new { id });
                return true;
            },
            ct);
    }
}

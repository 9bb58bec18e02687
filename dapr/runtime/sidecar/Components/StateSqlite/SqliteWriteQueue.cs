using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Components.StateSqlite;

/// <summary>Writes one after another; all that wait share a transaction, and so its fsync. No thread waits while there is nothing to do.</summary>
internal sealed class SqliteWriteQueue(SqliteStateConnection connection, SqliteFileWatch file, SemaphoreSlim gate, TimeProvider time)
{
    private const int MostTogether = 256;
    private readonly ConcurrentQueue<SqliteWrite> _waiting = new();
    private int _running;

    public Task<IReadOnlyList<State.StateOutcome>> WriteAsync(SqliteWrite write)
    {
        _waiting.Enqueue(write);
        if (Interlocked.Exchange(ref _running, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.Drain(), this, preferLocal: false);
        }

        return write.Done;
    }

    private void Drain()
    {
        while (true)
        {
            while (!_waiting.IsEmpty)
            {
                gate.Wait();
                try
                {
                    CommitWaiting();
                }
                finally
                {
                    gate.Release();
                }
            }

            Volatile.Write(ref _running, 0);

            // One that came in between saw this running, and left it to us.
            if (_waiting.IsEmpty || Interlocked.Exchange(ref _running, 1) == 1)
            {
                return;
            }
        }
    }

    private void CommitWaiting()
    {
        var group = new List<SqliteWrite>();
        while (group.Count < MostTogether && _waiting.TryDequeue(out var write))
        {
            if (write.Wanted())
            {
                group.Add(write);
            }
        }

        if (group.Count == 0)
        {
            return;
        }

        if (file.Problem() is { } gone)
        {
            Fail(group, new SqliteException(gone, SQLitePCL.raw.SQLITE_IOERR));
        }
        else if (!TryCommit(group))
        {
            // One of them can't be written; the others must not fail with it.
            foreach (var write in group)
            {
                _ = TryCommit([write]);
            }
        }
    }

    /// <summary>False where one of several could not be written, and nothing was.</summary>
    private bool TryCommit(List<SqliteWrite> group)
    {
        var applied = false;
        try
        {
            var now = time.GetUtcNow();
            connection.Begin();
            applied = true;
            foreach (var write in group)
            {
                write.Apply(connection, now);
            }

            applied = false;
            connection.Commit();
        }
        catch (Exception failure)
        {
            Abandon();
            if (applied && group.Count > 1)
            {
                return false;
            }

            Fail(group, failure);
            return true;
        }

        foreach (var write in group)
        {
            write.Committed();
        }

        return true;
    }

    private void Abandon()
    {
        try
        {
            connection.Rollback();
        }
        catch (Exception failure) when (failure is SqliteException or ObjectDisposedException)
        {
            // What failed before is told; SQLite rolls the rest back when it next opens the file.
        }
    }

    private static void Fail(List<SqliteWrite> group, Exception failure)
    {
        foreach (var write in group)
        {
            write.Failed(failure);
        }
    }
}

using HmsMesh.Sidecar.State;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Components.StateSqlite;

/// <summary>State in a SQLite file. One connection writes, one reads beside it; in memory there is one for both.</summary>
internal sealed class SqliteStateStore : IStateStore
{
    private const string Mismatch = "another version is stored than the one that the etag names";
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _reading;
    private readonly SqliteStateConnection _writer;
    private readonly SqliteStateConnection _reader;
    private readonly TimeProvider _time;
    private readonly ITimer? _sweeper;

    private SqliteStateStore(SqliteStateOptions options, TimeProvider time)
    {
        _time = time;
        _writer = new SqliteStateConnection(options);
        try
        {
            _reader = options.InMemory ? _writer : new SqliteStateConnection(options);
        }
        catch
        {
            _writer.Dispose();
            throw;
        }

        _reading = options.InMemory ? _writing : new SemaphoreSlim(1, 1);
        if (options.CleanupInterval > TimeSpan.Zero && !options.ReadOnly)
        {
            _sweeper = time.CreateTimer(static store => ((SqliteStateStore)store!).Sweep(), this, options.CleanupInterval, options.CleanupInterval);
        }
    }

    public IReadOnlyList<string> Capabilities { get; } = ["ETAG", "TRANSACTIONAL", "TTL"];

    public static SqliteStateStore Open(SqliteStateOptions options, TimeProvider time)
    {
        if (!options.InMemory && !options.ReadOnly && Path.GetDirectoryName(Path.GetFullPath(options.Connection.DataSource)) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        return new SqliteStateStore(options, time);
    }

    public async ValueTask<IReadOnlyList<StateItem?>> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var now = _time.GetUtcNow();
            return [.. keys.Select(key => _reader.Get(key, now))];
        }
        catch (SqliteException failure)
        {
            throw new SidecarException(failure.Message, failure);
        }
        finally
        {
            _reading.Release();
        }
    }

    public async ValueTask<IReadOnlyList<StateOutcome>> ApplyAsync(IReadOnlyList<StateChange> changes, bool atomic, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Apply(changes, atomic);
        }
        catch (SqliteException failure)
        {
            return [.. changes.Select(_ => StateOutcome.Failed(failure.Message))];
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_sweeper is not null)
        {
            await _sweeper.DisposeAsync().ConfigureAwait(false);
        }

        await _writing.WaitAsync().ConfigureAwait(false);
        if (_reader != _writer)
        {
            await _reading.WaitAsync().ConfigureAwait(false);
            _reader.Dispose();
            _reading.Dispose();
        }

        _writer.Dispose();
        _writing.Dispose();
    }

    // One transaction, and so one fsync, for all changes of a call; those that stand on their own leave out what doesn't match.
    private StateOutcome[] Apply(IReadOnlyList<StateChange> changes, bool atomic)
    {
        var now = _time.GetUtcNow();
        var outcomes = new StateOutcome[changes.Count];
        Array.Fill(outcomes, StateOutcome.Skipped);
        using var transaction = _writer.Begin();
        for (var at = 0; at < changes.Count; at++)
        {
            var change = changes[at];
            if (!Matches(change, now, transaction))
            {
                outcomes[at] = StateOutcome.Mismatch(Mismatch);
                if (atomic)
                {
                    transaction.Rollback();
                    Array.Fill(outcomes, StateOutcome.Skipped, 0, at);
                    return outcomes;
                }

                continue;
            }

            if (change.Value is null)
            {
                _writer.Delete(change.Key, transaction);
            }
            else
            {
                _writer.Put(change, now, transaction);
            }

            outcomes[at] = StateOutcome.Applied;
        }

        transaction.Commit();
        return outcomes;
    }

    private bool Matches(StateChange change, DateTimeOffset now, SqliteTransaction transaction)
    {
        if (change.ETag is null && (!change.FirstWrite || change.Value is null))
        {
            return true;
        }

        var item = _writer.Get(change.Key, now, transaction);
        return change.ETag is null ? item is null : item?.ETag == change.ETag;
    }

    private void Sweep()
    {
        // A sweep that would wait for a writer is left to the next one.
        if (!_writing.Wait(0))
        {
            return;
        }

        try
        {
            _writer.Sweep(_time.GetUtcNow());
        }
        catch (SqliteException)
        {
            // Locked by another process or out of space: expired keys are unseen anyhow, and the next sweep tries again.
        }
        finally
        {
            _writing.Release();
        }
    }
}

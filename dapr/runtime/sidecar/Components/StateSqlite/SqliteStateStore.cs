using HmsMesh.Sidecar.State;
using HmsMesh.Sidecar.State.Outbox;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Components.StateSqlite;

/// <summary>State in a SQLite file. One connection writes, one reads beside it; in memory there is one for both.</summary>
internal sealed class SqliteStateStore : IStateStore
{
    private const string Mismatch = "another version is stored than the one that the etag names";
    private const string Closed = "the state store is closed";
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _reading;
    private readonly SqliteStateConnection _writer;
    private readonly SqliteStateConnection _reader;
    private readonly SqliteWriteQueue _queue;
    private readonly TimeProvider _time;
    private readonly ITimer? _sweeper;
    private volatile bool _closed;

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
        _queue = new(_writer, new(options.InMemory ? null : options.Connection.DataSource), _writing, time);
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

    public ValueTask<IReadOnlyList<StateItem?>> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StateItem?>>(
            connection =>
            {
                var now = _time.GetUtcNow();
                var items = new StateItem?[keys.Count];
                for (var at = 0; at < items.Length; at++)
                {
                    items[at] = connection.Get(keys[at], now);
                }

                return items;
            },
            cancellationToken);

    public ValueTask<IReadOnlyList<StateOutcome>> ApplyAsync(IReadOnlyList<StateChange> changes, bool atomic, CancellationToken cancellationToken) =>
        WriteAsync((connection, now) => Apply(connection, changes, atomic, now, out _), changes.Count, cancellationToken);

    public ValueTask<IReadOnlyList<StateOutcome>> CommitAsync(
        IReadOnlyList<StateChange> changes, IReadOnlyList<OutboxEvent> events, CancellationToken cancellationToken) =>
        WriteAsync(
            (connection, now) =>
            {
                var outcomes = Apply(connection, changes, atomic: true, now, out var applied);
                for (var at = 0; at < events.Count && applied; at++)
                {
                    connection.Keep(events[at], now);
                }

                return outcomes;
            },
            changes.Count,
            cancellationToken);

    public ValueTask<IReadOnlyList<OutboxRow>> PendingAsync(string app, int most, CancellationToken cancellationToken) =>
        ReadAsync(connection => connection.Pending(app, most), cancellationToken);

    public async ValueTask RemoveAsync(IReadOnlyList<long> sequences, CancellationToken cancellationToken)
    {
        var outcomes = await WriteAsync(
            (connection, _) =>
            {
                foreach (var sequence in sequences)
                {
                    connection.Remove(sequence);
                }

                return [StateOutcome.Applied];
            },
            1,
            cancellationToken).ConfigureAwait(false);
        if (outcomes[0].Kind != StateOutcomeKind.Applied)
        {
            throw new SidecarException(outcomes[0].Problem!);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        if (_sweeper is not null)
        {
            await _sweeper.DisposeAsync().ConfigureAwait(false);
        }

        // What waits is written first.
        await WriteNothingAsync().ConfigureAwait(false);
        await _writing.WaitAsync().ConfigureAwait(false);
        if (_reader != _writer)
        {
            await _reading.WaitAsync().ConfigureAwait(false);
            _reader.Dispose();
            _reading.Release();
        }

        _writer.Dispose();
        _writing.Release();
    }

    private static bool Matches(SqliteStateConnection connection, StateChange change, DateTimeOffset now)
    {
        if (change.ETag is null && (!change.FirstWrite || change.Value is null))
        {
            return true;
        }

        var item = connection.Get(change.Key, now);
        return change.ETag is null ? item is null : item?.ETag == change.ETag;
    }

    // Inside a transaction that others share.
    private static StateOutcome[] Apply(SqliteStateConnection connection, IReadOnlyList<StateChange> changes, bool atomic, DateTimeOffset now, out bool applied)
    {
        var outcomes = new StateOutcome[changes.Count];
        applied = true;
        if (atomic && changes.Count > 1)
        {
            connection.Savepoint();
        }

        for (var at = 0; at < changes.Count; at++)
        {
            var change = changes[at];
            if (!Matches(connection, change, now))
            {
                applied = false;
                outcomes[at] = StateOutcome.Mismatch(Mismatch);
                if (!atomic)
                {
                    continue;
                }

                if (changes.Count > 1)
                {
                    connection.Return();
                }

                Array.Fill(outcomes, StateOutcome.Skipped);
                outcomes[at] = StateOutcome.Mismatch(Mismatch);
                break;
            }

            if (change.Value is null)
            {
                connection.Delete(change.Key);
            }
            else
            {
                connection.Put(change, now);
            }

            outcomes[at] = StateOutcome.Applied;
        }

        if (atomic && changes.Count > 1)
        {
            connection.Release();
        }

        return outcomes;
    }

    private async ValueTask<T> ReadAsync<T>(Func<SqliteStateConnection, T> read, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _closed ? throw new SidecarException(Closed) : read(_reader);
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

    private async ValueTask<IReadOnlyList<StateOutcome>> WriteAsync(
        Func<SqliteStateConnection, DateTimeOffset, IReadOnlyList<StateOutcome>> apply, int count, CancellationToken cancellationToken)
    {
        if (_closed)
        {
            return [.. Enumerable.Repeat(StateOutcome.Failed(Closed), count)];
        }

        try
        {
            return await _queue.WriteAsync(new(apply, cancellationToken)).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SqliteException or ObjectDisposedException)
        {
            return [.. Enumerable.Repeat(StateOutcome.Failed(failure.Message), count)];
        }
    }

    private Task WriteNothingAsync() =>
        _queue.WriteAsync(new(static (_, _) => [], CancellationToken.None))
            .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void Sweep()
    {
        // A sweep that would wait for a writer is left to the next one.
        if (_closed || !_writing.Wait(0))
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

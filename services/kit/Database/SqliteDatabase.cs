using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Kit;

/// <summary>One file, one writer at a time. Writers of this process wait in a queue of tasks and not on SQLite's lock; those of another
/// process wait on it, in SQLite, long enough that nobody sees SQLITE_BUSY.</summary>
internal sealed class SqliteDatabase : Database
{
    private const string Pragmas = "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";

    private readonly string _connectionString;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Stack<SqliteConnection> _readers = new();
    private SqliteConnection? _writer;
    private bool _disposed;

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    public SqliteDatabase(string connectionString)
    {
        // Pooled here: the library's pool would hand out connections whose pragmas are not known.
        var builder = new SqliteConnectionStringBuilder(connectionString) { Pooling = false };
        _connectionString = builder.ConnectionString;
        Name = $"SQLite {builder.DataSource}";
        if (Path.GetDirectoryName(builder.DataSource) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }
    }

    public override string Name { get; }

    public override async Task<Session> BeginAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _writer ??= Connect(new WriterConnection(_connectionString));

            // Immediate: the lock is taken here, where waiting is safe, and not at the first write, where it may fail.
            return new Session(_writer, _writer.BeginTransaction(IsolationLevel.Serializable, deferred: false), ReleaseAsync, static t => t.CommitAsync(CancellationToken.None));
        }
        catch
        {
            _writing.Release();
            throw;
        }
    }

    public override async Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var connection = Rent();
        var healthy = false;
        try
        {
            var result = await read(connection, cancellationToken).ConfigureAwait(false);
            healthy = true;
            return result;
        }
        finally
        {
            Return(connection, healthy);
        }
    }

    // The transaction is immediate: it is the lock.
    public override Task LockForMigrationAsync(DbConnection connection, CancellationToken cancellationToken) => Task.CompletedTask;

    public override bool IsWorthRetrying(Exception exception) => exception is SqliteException { SqliteErrorCode: 5 or 6 };

    public override async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        _disposed = true;
        if (_writer is { } writer)
        {
            _writer = null;
            await writer.DisposeAsync().ConfigureAwait(false);
        }

        lock (_readers)
        {
            while (_readers.TryPop(out var reader))
            {
                reader.Dispose();
            }
        }

        _writing.Release();
    }

    private ValueTask ReleaseAsync(bool healthy)
    {
        if (!healthy)
        {
            _writer?.Dispose();
            _writer = null;
        }

        _writing.Release();
        return ValueTask.CompletedTask;
    }

    private SqliteConnection Rent()
    {
        lock (_readers)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_readers.TryPop(out var idle))
            {
                return idle;
            }
        }

        var connection = Connect(new SqliteConnection(_connectionString));
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA query_only = ON";
        command.ExecuteNonQuery();
        return connection;
    }

    private void Return(SqliteConnection connection, bool healthy)
    {
        lock (_readers)
        {
            if (healthy && !_disposed && _readers.Count < 4)
            {
                _readers.Push(connection);
                return;
            }
        }

        connection.Dispose();
    }

    private static SqliteConnection Connect(SqliteConnection connection)
    {
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

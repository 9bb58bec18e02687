using System.Globalization;
using HmsMesh.Sidecar.State;
using HmsMesh.Sidecar.State.Outbox;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Components.StateSqlite;

/// <summary>One connection with its prepared statements; for one caller at a time. The tables are those that daprd makes, so that either
/// may open the other's file; the outbox has one more.</summary>
internal sealed class SqliteStateConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStateOptions _options;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly string _get;
    private readonly string _put;
    private readonly string _delete;

    public SqliteStateConnection(SqliteStateOptions options)
    {
        _options = options;
        _connection = new SqliteConnection(options.Connection.ConnectionString);
        try
        {
            _connection.Open();
            foreach (var pragma in options.Pragmas)
            {
                Run(pragma);
            }

            if (!options.ReadOnly)
            {
                MakeTables();
            }

            _get = $"SELECT value, is_binary, etag, expiration_time FROM {options.Table} WHERE key = ? AND (expiration_time IS NULL OR expiration_time > ?)";
            _put = $"""
                INSERT INTO {options.Table} (key, value, is_binary, etag, update_time, expiration_time) VALUES (?, ?, 0, ?, ?, ?)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value, is_binary = 0, etag = excluded.etag,
                    update_time = excluded.update_time, expiration_time = excluded.expiration_time
                """;
            _delete = $"DELETE FROM {options.Table} WHERE key = ?";
            _ = Statement(_get);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Begins writing: takes SQLite's lock at once, so that what is read stays true until it is written.</summary>
    public void Begin() => Statement("BEGIN IMMEDIATE").Run();

    /// <summary>When it returns, what was written is on disk (synchronous = FULL).</summary>
    public void Commit() => Statement("COMMIT").Run();

    /// <summary>Gives up what was begun, where SQLite has not done so itself.</summary>
    public void Rollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            Statement("ROLLBACK").Run();
        }
    }

    /// <summary>A place in the transaction to <see cref="Return"/> to.</summary>
    public void Savepoint() => Statement("SAVEPOINT call").Run();

    public void Return() => Statement("ROLLBACK TO call").Run();

    public void Release() => Statement("RELEASE call").Run();

    public StateItem? Get(string key, DateTimeOffset now)
    {
        var get = Statement(_get).Bind(1, key).Bind(2, Stamp(now));
        if (!get.Step())
        {
            return null;
        }

        try
        {
            var value = get.Bytes(0);
            return new StateItem(
                get.Whole(1) != 0 ? Convert.FromBase64String(System.Text.Encoding.UTF8.GetString(value)) : value,
                get.Text(2),
                get.IsNull(3) ? null : Time(get.Text(3)));
        }
        finally
        {
            get.Reset();
        }
    }

    public void Put(StateChange change, DateTimeOffset now)
    {
        var put = Statement(_put).Bind(1, change.Key).Bind(2, change.Value!.Value.Span).Bind(3, Guid.NewGuid().ToString()).Bind(4, Stamp(now));
        (change.TimeToLive is { } ttl ? put.Bind(5, Stamp(now + ttl)) : put.BindNull(5)).Run();
    }

    public void Delete(string key) => Statement(_delete).Bind(1, key).Run();

    public void Sweep(DateTimeOffset now) =>
        Statement($"DELETE FROM {_options.Table} WHERE expiration_time IS NOT NULL AND expiration_time <= ?").Bind(1, Stamp(now)).Run();

    public void Keep(OutboxEvent kept, DateTimeOffset now) =>
        Statement($"INSERT INTO {_options.OutboxTable} (app, pubsub, topic, id, source, order_key, data, saved) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .Bind(1, kept.App).Bind(2, kept.PubSub).Bind(3, kept.Topic).Bind(4, kept.Id).Bind(5, kept.Source).Bind(6, kept.Key)
            .Bind(7, kept.Data.Span).Bind(8, Stamp(now)).Run();

    public IReadOnlyList<OutboxRow> Pending(string app, int most)
    {
        var rows = new List<OutboxRow>();
        var query = Statement($"SELECT sequence, pubsub, topic, id, source, order_key, data FROM {_options.OutboxTable} WHERE app = ? ORDER BY sequence LIMIT ?")
            .Bind(1, app).Bind(2, most);
        while (query.Step())
        {
            rows.Add(new(query.Whole(0), new(app, query.Text(1), query.Text(2), query.Text(3), query.Text(4), query.Text(5), query.Bytes(6))));
        }

        return rows;
    }

    public void Remove(long sequence) => Statement($"DELETE FROM {_options.OutboxTable} WHERE sequence = ?").Bind(1, sequence).Run();

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    // The form that SQLite's own CURRENT_TIMESTAMP has, with milliseconds: texts of both compare as times.
    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string stamp) =>
        DateTimeOffset.Parse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private void MakeTables()
    {
        Begin();
        try
        {
            Run($"CREATE TABLE IF NOT EXISTS {_options.MetadataTable} (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)");
            Run($"""
                CREATE TABLE IF NOT EXISTS {_options.Table} (
                    key TEXT NOT NULL PRIMARY KEY,
                    value TEXT NOT NULL,
                    is_binary BOOLEAN NOT NULL,
                    etag TEXT NOT NULL,
                    expiration_time TIMESTAMP DEFAULT NULL,
                    update_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)
                """);
            Run($"INSERT OR IGNORE INTO {_options.MetadataTable} (key, value) VALUES ('migrations', '1')");
            if (_options.Outbox)
            {
                Run($"""
                    CREATE TABLE IF NOT EXISTS {_options.OutboxTable} (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        app TEXT NOT NULL,
                        pubsub TEXT NOT NULL,
                        topic TEXT NOT NULL,
                        id TEXT NOT NULL,
                        source TEXT NOT NULL,
                        order_key TEXT NOT NULL,
                        data TEXT NOT NULL,
                        saved TIMESTAMP NOT NULL)
                    """);
            }

            Commit();
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    private void Run(string sql)
    {
        using var statement = new SqliteStatement(_connection.Handle!, sql);
        statement.Run();
    }

    private SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements[sql] = statement = new(_connection.Handle!, sql);
        }

        return statement;
    }
}

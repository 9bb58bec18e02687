using System.Globalization;
using HmsMesh.Sidecar.State;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Components.StateSqlite;

/// <summary>One connection with its prepared statements; for one caller at a time. The tables are those that daprd makes, so that either
/// may open the other's file.</summary>
internal sealed class SqliteStateConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStateOptions _options;
    private readonly SqliteCommand _get;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _delete;

    public SqliteStateConnection(SqliteStateOptions options)
    {
        _options = options;
        _connection = new SqliteConnection(options.Connection.ConnectionString);
        _connection.Open();
        foreach (var pragma in options.Pragmas)
        {
            Run(pragma);
        }

        if (!options.ReadOnly)
        {
            MakeTables();
        }

        _get = Prepare($"SELECT value, is_binary, etag, expiration_time FROM {options.Table} WHERE key = $key AND (expiration_time IS NULL OR expiration_time > $now)",
            "$key", "$now");
        _put = Prepare($"""
            INSERT INTO {options.Table} (key, value, is_binary, etag, update_time, expiration_time) VALUES ($key, $value, 0, $etag, $now, $expires)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value, is_binary = 0, etag = excluded.etag,
                update_time = excluded.update_time, expiration_time = excluded.expiration_time
            """, "$key", "$value", "$etag", "$now", "$expires");
        _delete = Prepare($"DELETE FROM {options.Table} WHERE key = $key", "$key");
    }

    /// <summary>Begins writing: takes SQLite's lock at once, so that what is read stays true until it is written.</summary>
    public SqliteTransaction Begin() => _connection.BeginTransaction(deferred: false);

    public StateItem? Get(string key, DateTimeOffset now, SqliteTransaction? transaction = null)
    {
        _get.Transaction = transaction;
        _get.Parameters[0].Value = key;
        _get.Parameters[1].Value = Stamp(now);
        using var reader = _get.ExecuteReader();
        if (!reader.Read())
        {
            return null;
        }

        var text = reader.GetString(0);
        var value = reader.GetBoolean(1) ? Convert.FromBase64String(text) : System.Text.Encoding.UTF8.GetBytes(text);
        return new StateItem(value, reader.GetString(2), reader.IsDBNull(3) ? null : Time(reader.GetString(3)));
    }

    public void Put(StateChange change, DateTimeOffset now, SqliteTransaction? transaction)
    {
        _put.Transaction = transaction;
        _put.Parameters[0].Value = change.Key;
        _put.Parameters[1].Value = System.Text.Encoding.UTF8.GetString(change.Value!.Value.Span);
        _put.Parameters[2].Value = Guid.NewGuid().ToString();
        _put.Parameters[3].Value = Stamp(now);
        _put.Parameters[4].Value = change.TimeToLive is { } ttl ? Stamp(now + ttl) : DBNull.Value;
        _put.ExecuteNonQuery();
    }

    public void Delete(string key, SqliteTransaction? transaction)
    {
        _delete.Transaction = transaction;
        _delete.Parameters[0].Value = key;
        _delete.ExecuteNonQuery();
    }

    public void Sweep(DateTimeOffset now)
    {
        using var sweep = Command($"DELETE FROM {_options.Table} WHERE expiration_time IS NOT NULL AND expiration_time <= $now");
        sweep.Parameters.AddWithValue("$now", Stamp(now));
        sweep.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _get.Dispose();
        _put.Dispose();
        _delete.Dispose();
        _connection.Dispose();
    }

    // The form that SQLite's own CURRENT_TIMESTAMP has, with milliseconds: texts of both compare as times.
    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string stamp) =>
        DateTimeOffset.Parse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private void MakeTables()
    {
        using var transaction = Begin();
        Run($"CREATE TABLE IF NOT EXISTS {_options.MetadataTable} (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)", transaction);
        Run($"""
            CREATE TABLE IF NOT EXISTS {_options.Table} (
                key TEXT NOT NULL PRIMARY KEY,
                value TEXT NOT NULL,
                is_binary BOOLEAN NOT NULL,
                etag TEXT NOT NULL,
                expiration_time TIMESTAMP DEFAULT NULL,
                update_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)
            """, transaction);
        Run($"INSERT OR IGNORE INTO {_options.MetadataTable} (key, value) VALUES ('migrations', '1')", transaction);
        transaction.Commit();
    }

    private void Run(string sql, SqliteTransaction? transaction = null)
    {
        using var command = Command(sql);
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        var command = Command(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter, SqliteType.Text);
        }

        return command;
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Only table names stand in the text, and they are checked to be identifiers.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}

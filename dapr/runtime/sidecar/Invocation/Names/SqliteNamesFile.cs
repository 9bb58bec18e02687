using System.Globalization;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Invocation.Names;

/// <summary>The names database: daprd's tables, for one caller at a time. Opened, and SQLite loaded, with the first use.</summary>
internal sealed class SqliteNamesFile(SqliteNamesOptions options) : IDisposable
{
    private const int NotADatabase = 26;
    private const int Corrupt = 11;
    private const int ReadOnly = 8;
    private const int CantOpen = 14;
    private const int Busy = 5;
    private const int Locked = 6;
    private SqliteConnection? _connection;
    private DateTime _made;

    public void Register(string registration, string address, string appId) =>
        Do(connection => Run(
            connection,
            $"REPLACE INTO {options.Table} (registration_id, address, app_id, namespace, last_update) VALUES ($id, $address, $app, '', unixepoch(CURRENT_TIMESTAMP))",
            ("$id", registration), ("$address", address), ("$app", appId)));

    /// <summary>False where the registration is no longer there.</summary>
    public bool Renew(string registration, string address) =>
        Do(connection => Run(
            connection,
            $"UPDATE {options.Table} SET last_update = unixepoch(CURRENT_TIMESTAMP) WHERE registration_id = $id AND address = $address",
            ("$id", registration), ("$address", address))) > 0;

    public void Deregister(string registration, string address) =>
        Do(connection => Run(
            connection, $"DELETE FROM {options.Table} WHERE registration_id = $id AND address = $address", ("$id", registration), ("$address", address)));

    public void CleanUp() =>
        Do(connection => Run(connection, $"DELETE FROM {options.Table} WHERE unixepoch(CURRENT_TIMESTAMP) - last_update > $age", ("$age", Seconds(options.UpdateInterval))));

    /// <summary>The addresses that have a name, and still live.</summary>
    public IReadOnlyList<string> Find(string appId) => Do(connection =>
    {
        using var command = Command(
            connection,
            $"SELECT address FROM {options.Table} WHERE app_id = $app AND unixepoch(CURRENT_TIMESTAMP) - last_update < $age ORDER BY address LIMIT 1000",
            ("$app", appId), ("$age", Seconds(options.UpdateInterval)));
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read())
        {
            found.Add(reader.GetString(0));
        }

        return (IReadOnlyList<string>)found;
    });

    public void Dispose() => Close();

    private static long Seconds(TimeSpan span) => (long)span.TotalSeconds;

    private T Do<T>(Func<SqliteConnection, T> action)
    {
        try
        {
            if (_connection is not null && !options.InMemory && File.GetCreationTimeUtc(options.Path) != _made)
            {
                // Somebody removed the file; who comes after makes a new one.
                Close();
            }

            return action(_connection ??= Open());
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            // Next time anew: the file may be another by then.
            Close();
            throw new SidecarException($"The names database {options.Path} {Problem(failure)}", failure);
        }
    }

    private static string Problem(Exception failure) => failure is SqliteException sqlite
        ? sqlite.SqliteErrorCode switch
        {
            NotADatabase or Corrupt => "is no SQLite database. Remove it, or name another by nameResolution.configuration.connectionString.",
            ReadOnly => "can't be written. Give write access to it and to its folder.",
            CantOpen => "can't be opened. Its folder must be there, and be writable.",
            Busy or Locked => "is locked by another program. Close what holds it.",
            _ => $"failed: {sqlite.Message}",
        }
        : $"can't be opened: {failure.Message}";

    private SqliteConnection Open()
    {
        if (!options.InMemory)
        {
            PrivateFile.Prepare(options.Path);
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = options.Path,
            Mode = options.InMemory ? SqliteOpenMode.Memory : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = Math.Max(1, (int)Math.Ceiling(options.BusyTimeout.TotalSeconds)),
        }.ConnectionString);
        try
        {
            connection.Open();
            Run(connection, $"PRAGMA busy_timeout = {((long)options.BusyTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}");
            Run(connection, $"PRAGMA journal_mode = {(options.InMemory ? "MEMORY" : options.WriteAheadLog ? "WAL" : "DELETE")}");
            Run(connection, "PRAGMA synchronous = NORMAL");
            MakeTables(connection);
            _made = options.InMemory ? default : File.GetCreationTimeUtc(options.Path);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void MakeTables(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        Run(connection, $"CREATE TABLE IF NOT EXISTS {options.MetadataTable} (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)");
        Run(connection, $"""
            CREATE TABLE IF NOT EXISTS {options.Table} (
                registration_id TEXT NOT NULL PRIMARY KEY,
                address TEXT NOT NULL,
                app_id TEXT NOT NULL,
                namespace TEXT NOT NULL,
                last_update INTEGER NOT NULL)
            """);
        Run(connection, $"CREATE UNIQUE INDEX IF NOT EXISTS {options.Table}_address_idx ON {options.Table} (address)");
        Run(connection, $"CREATE INDEX IF NOT EXISTS {options.Table}_last_update_idx ON {options.Table} (last_update)");
        Run(connection, $"INSERT OR IGNORE INTO {options.MetadataTable} (key, value) VALUES ('nr-migrations', '1')");
        transaction.Commit();
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private static int Run(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only table names stand in the text, and they are checked to be identifiers.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}

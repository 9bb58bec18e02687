using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>What a test reads from, and writes into, a names database.</summary>
internal static class NamesTable
{
    /// <summary>Empty while the sidecar that makes the file has not made its table.</summary>
    public static IReadOnlyList<string> Addresses(string file, string appId)
    {
        using var connection = Open(file);
        using var table = connection.CreateCommand();
        table.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = 'hosts'";
        if ((long)table.ExecuteScalar()! == 0)
        {
            return [];
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT address FROM hosts WHERE app_id = $app";
        command.Parameters.AddWithValue("$app", appId);
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read())
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }

    /// <summary>Registers an address, so many seconds ago.</summary>
    public static void Add(string file, string appId, string address, int secondsAgo = 0)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = "REPLACE INTO hosts VALUES ($id, $address, $app, '', unixepoch(CURRENT_TIMESTAMP) - $ago)";
        command.Parameters.AddWithValue("$id", Guid.NewGuid().ToString());
        command.Parameters.AddWithValue("$address", address);
        command.Parameters.AddWithValue("$app", appId);
        command.Parameters.AddWithValue("$ago", secondsAgo);
        command.ExecuteNonQuery();
    }

    /// <summary>Makes a registration older than it is.</summary>
    public static void Age(string file, string appId, int seconds) =>
        Run(file, "UPDATE hosts SET last_update = unixepoch(CURRENT_TIMESTAMP) - $seconds WHERE app_id = $app", appId, ("$seconds", seconds));

    /// <summary>How many seconds ago it was made or renewed.</summary>
    public static long AgeOf(string file, string appId) =>
        (long)Run(file, "SELECT unixepoch(CURRENT_TIMESTAMP) - last_update FROM hosts WHERE app_id = $app", appId)!;

    public static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        return connection;
    }

    private static object? Run(string file, string sql, string appId, params (string Name, object Value)[] more)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$app", appId);
        foreach (var (name, value) in more)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command.ExecuteScalar();
    }
}

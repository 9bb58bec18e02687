using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>What a test reads from, and writes into, a names database.</summary>
internal static class NamesTable
{
    public static IReadOnlyList<string> Addresses(string file, string appId)
    {
        using var connection = Open(file);
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

    public static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        return connection;
    }
}

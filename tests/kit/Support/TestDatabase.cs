using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace HmsMesh.Kit.Tests;

/// <summary>An empty database for one test.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    private readonly string? _folder;

    internal TestDatabase(string connectionString, string? folder = null)
    {
        ConnectionString = connectionString;
        _folder = folder;
    }

    public string ConnectionString { get; }

    public static async Task<TestDatabase> CreateAsync(string kind)
    {
        if (kind == Sqlite)
        {
            var folder = Directory.CreateTempSubdirectory("kit-").FullName;
            return new TestDatabase($"Data Source={Path.Combine(folder, "test.db")}", folder);
        }

        if (PostgresCluster.Missing is { } reason)
        {
            Assert.Skip(reason);
        }

        return new TestDatabase(await PostgresCluster.NewDatabaseAsync(), null);
    }

    public async Task<T> AskAsync<T>(string sql)
    {
        await using DbConnection connection = _folder is null ? new NpgsqlConnection(ConnectionString) : new SqliteConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public Task<long> CountAsync(string table) => AskAsync<long>($"SELECT COUNT(*) FROM {table}");

    public ValueTask DisposeAsync()
    {
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }

        return ValueTask.CompletedTask;
    }
}

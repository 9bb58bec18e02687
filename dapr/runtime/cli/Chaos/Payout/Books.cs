using HmsMesh.Cli.Data;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>A service's database, read by SQL of our own and not by the service.</summary>
internal sealed class Books : IDisposable
{
    private readonly SqliteConnection _db;

    static Books() => SQLitePCL.Batteries_V2.Init();

    private Books(string file)
    {
        // Not read-only: a database in WAL mode that was not closed in order can't be opened so.
        _db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 30 }.ConnectionString);
        _db.Open();
    }

    public static Books Of(DataFolder data, string service) => new(Path.Combine(data.Services, service + ".db"));

    public static Books OfState(DataFolder data) => new(data.State);

    public List<T> Read<T>(string sql, Func<SqliteDataReader, T> row)
    {
        using var command = _db.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    public long Number(string sql) => Read(sql, static row => row.GetInt64(0))[0];

    public int Change(string sql)
    {
        using var command = _db.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    public void Dispose() => _db.Dispose();
}

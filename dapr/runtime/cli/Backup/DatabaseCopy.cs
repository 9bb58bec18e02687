using Microsoft.Data.Sqlite;

namespace HmsMesh.Cli.Backup;

/// <summary>Copies a SQLite database as it is at one moment, while others write to it, by SQLite's own backup.</summary>
internal static class DatabaseCopy
{
    static DatabaseCopy() => SQLitePCL.Batteries_V2.Init();

    public static bool IsDatabase(string path)
    {
        Span<byte> head = stackalloc byte[16];
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.Read(file, head, 0) == 16 && head.SequenceEqual("SQLite format 3\0"u8);
    }

    public static void Make(string from, string to)
    {
        try
        {
            using var source = Open(from, SqliteOpenMode.ReadWrite);
            using var copy = Open(to, SqliteOpenMode.ReadWriteCreate);
            source.BackupDatabase(copy);
        }
        catch (SqliteException problem)
        {
            throw new MeshException($"the database {from} can't be copied: {problem.Message}");
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 30 }.ConnectionString);
        connection.Open();
        return connection;
    }
}

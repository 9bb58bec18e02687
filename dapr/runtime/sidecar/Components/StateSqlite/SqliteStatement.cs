using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HmsMesh.Sidecar.Components.StateSqlite;

/// <summary>A prepared statement, used again and again by one caller at a time. Texts go in and out as UTF-8, as they lie in the file.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    public SqliteStatement Bind(int at, string value)
    {
        Check(raw.sqlite3_bind_text(_statement, at, value));
        return this;
    }

    public SqliteStatement Bind(int at, ReadOnlySpan<byte> utf8)
    {
        Check(raw.sqlite3_bind_text(_statement, at, utf8));
        return this;
    }

    public SqliteStatement Bind(int at, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, at, value));
        return this;
    }

    public SqliteStatement BindNull(int at)
    {
        Check(raw.sqlite3_bind_null(_statement, at));
        return this;
    }

    /// <summary>Whether there is a row. After the last one, and after a failure, the statement is ready for its next use.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        // What failed is read before the reset, which forgets it.
        var failure = result == raw.SQLITE_DONE ? null : Failure(result);
        Reset();
        return failure is null ? false : throw failure;
    }

    public void Run()
    {
        bool more;
        do
        {
            more = Step();
        }
        while (more);
    }

    public void Reset()
    {
        _ = raw.sqlite3_reset(_statement);
        _ = raw.sqlite3_clear_bindings(_statement);
    }

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public long Whole(int column) => raw.sqlite3_column_int64(_statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw Failure(result);
        }
    }

    private SqliteException Failure(int result)
    {
        var extended = raw.sqlite3_extended_errcode(_database);
        return new($"{raw.sqlite3_errmsg(_database).utf8_to_string()} ({result})", result & 0xff, extended);
    }
}

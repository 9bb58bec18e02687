using System.Data.Common;

namespace HmsMesh.Kit;

/// <summary>The service's own database: SQLite or PostgreSQL, told apart here and nowhere else.</summary>
internal abstract class Database : IAsyncDisposable
{
    /// <summary>What the log calls it; never the connection string, which may hold a password.</summary>
    public abstract string Name { get; }

    public static Database Open(MeshSettings settings, TimeProvider time)
    {
        try
        {
            return settings.IsPostgres ? new PostgresDatabase(settings.ConnectionString!, time) : new SqliteDatabase(settings.SqliteConnectionString());
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new MeshConfigurationException(
                settings.ConnectionString is null ? $"MESH_DATA: the folder cannot be made: {e.Message}" : $"ConnectionStrings__Database cannot be used: {e.Message}");
        }
    }

    /// <summary>Begins a transaction that writes. Disposing the session without a commit rolls it back.</summary>
    public abstract Task<Session> BeginAsync(CancellationToken cancellationToken);

    public abstract Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken);

    /// <summary>Holds back other instances that start at the same time; freed with the transaction.</summary>
    public abstract Task LockForMigrationAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>The database asks for the same transaction once more: a deadlock, or a connection that broke.</summary>
    public abstract bool IsWorthRetrying(Exception exception);

    public abstract ValueTask DisposeAsync();
}

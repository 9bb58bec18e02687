using System.Data.Common;
using Npgsql;

namespace HmsMesh.Kit;

/// <summary>A PostgreSQL database of the service's own.</summary>
internal sealed class PostgresDatabase : Database
{
    // Any number that is the same for all instances of a service; the database is the service's own.
    private const long MigrationLock = 0x6d657368;

    private readonly NpgsqlDataSource _source;

    public PostgresDatabase(string connectionString)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(connectionString);
        builder.EnableTransportSecurity();
        builder.EnableArrays();
        Name = $"PostgreSQL {builder.ConnectionStringBuilder.Host}/{builder.ConnectionStringBuilder.Database}";
        _source = builder.Build();
    }

    public override string Name { get; }

    public override async Task<Session> BeginAsync(CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            return new Session(connection, transaction, _ => connection.DisposeAsync());
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override async Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await read(connection, cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task LockForMigrationAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.RunAsync("SELECT pg_advisory_xact_lock(@key)", cancellationToken, ("key", MigrationLock));

    public override bool IsWorthRetrying(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure }
        || exception is NpgsqlException { IsTransient: true };

    public override ValueTask DisposeAsync() => _source.DisposeAsync();
}

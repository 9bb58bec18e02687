using System.Data.Common;
using Npgsql;

namespace HmsMesh.Kit;

/// <summary>A PostgreSQL database of the service's own.</summary>
internal sealed class PostgresDatabase : Database
{
    // Any number that is the same for all instances of a service; the database is the service's own.
    private const long MigrationLock = 0x6d657368;

    private static readonly TimeSpan AskFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;

    public PostgresDatabase(string connectionString, TimeProvider time)
    {
        _time = time;
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
            return new Session(connection, transaction, _ => connection.DisposeAsync(), t => CommitAsync(connection, t));
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

    // A connection that breaks during the commit leaves it open whether the work is done: the database is asked by the transaction's
    // number. To repeat it unasked could do it twice, to give it up could tell a caller that nothing happened when it did.
    private async Task CommitAsync(NpgsqlConnection connection, DbTransaction transaction)
    {
        var numbers = await connection.ListAsync("SELECT pg_current_xact_id()::text", r => r.GetString(0), CancellationToken.None).ConfigureAwait(false);
        try
        {
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (NpgsqlException e)
        {
            if (!await WasCommittedAsync(numbers[0], e).ConfigureAwait(false))
            {
                throw;
            }
        }
    }

    private async Task<bool> WasCommittedAsync(string number, NpgsqlException broken)
    {
        using var limit = new CancellationTokenSource(AskFor, _time);
        try
        {
            while (true)
            {
                if (await StatusAsync(number, limit.Token).ConfigureAwait(false) is { } known)
                {
                    return known;
                }

                await Task.Delay(AskAgain, _time, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new CommitUnknownException(broken);
        }
    }

    // Null: the database is away, or the session that committed is not over yet.
    private async Task<bool?> StatusAsync(string number, CancellationToken cancellationToken)
    {
        try
        {
            var status = await ReadAsync(
                (c, token) => c.ListAsync("SELECT pg_xact_status(@number::xid8)", r => r.GetString(0), token, ("number", number)),
                cancellationToken).ConfigureAwait(false);
            return status[0] switch
            {
                "committed" => true,
                "aborted" => false,
                _ => null,
            };
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }
}

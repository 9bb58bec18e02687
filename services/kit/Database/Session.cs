using System.Data.Common;

namespace HmsMesh.Kit;

/// <summary>One transaction and its connection.</summary>
/// <param name="connection">The connection.</param>
/// <param name="transaction">The transaction.</param>
/// <param name="release">Takes the connection back; told whether it may be used again.</param>
/// <param name="commitAsync">How this database commits.</param>
internal sealed class Session(DbConnection connection, DbTransaction transaction, Func<bool, ValueTask> release, Func<DbTransaction, Task> commitAsync) : IAsyncDisposable
{
    private bool _released;
    private bool _abandoned;

    public DbConnection Connection { get; } = connection;

    // A commit isn't cancelled half way: whoever waits learns what became of it.
    public Task CommitAsync() => commitAsync(transaction);

    /// <summary>Someone who doesn't listen may still hold the connection: nobody else gets it.</summary>
    public void Abandon() => _abandoned = true;

    public async ValueTask DisposeAsync()
    {
        if (_released)
        {
            return;
        }

        _released = true;
        var healthy = !_abandoned;
        try
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
        }
        catch (DbException)
        {
            // The connection is beyond use; the database rolls back what it had.
            healthy = false;
        }
        finally
        {
            await release(healthy).ConfigureAwait(false);
        }
    }
}

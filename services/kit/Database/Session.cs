using System.Data.Common;

namespace HmsMesh.Kit;

/// <summary>One transaction and its connection.</summary>
internal sealed class Session(DbConnection connection, DbTransaction transaction, Func<bool, ValueTask> release) : IAsyncDisposable
{
    private bool _released;

    public DbConnection Connection { get; } = connection;

    // A commit isn't cancelled half way: whoever waits learns what became of it.
    public Task CommitAsync() => transaction.CommitAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (_released)
        {
            return;
        }

        _released = true;
        var healthy = true;
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

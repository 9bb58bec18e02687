using HmsMesh.Sidecar.State;
using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Components.StateSqlite;

/// <summary>A call that waits for its turn to write.</summary>
/// <param name="apply">Writes inside a transaction; its outcomes count once that is committed.</param>
internal sealed class SqliteWrite(Func<SqliteStateConnection, DateTimeOffset, IReadOnlyList<StateOutcome>> apply, CancellationToken cancellationToken)
{
    // Answers go on elsewhere: the writer has other calls to write.
    private readonly TaskCompletionSource<IReadOnlyList<StateOutcome>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<StateOutcome>? _outcomes;

    /// <summary>Throws <see cref="SqliteException"/> where nothing of it was written.</summary>
    public Task<IReadOnlyList<StateOutcome>> Done => _done.Task;

    /// <summary>Whether its caller still waits; one that doesn't is not written.</summary>
    public bool Wanted()
    {
        if (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }

        _done.TrySetCanceled(cancellationToken);
        return false;
    }

    public void Apply(SqliteStateConnection connection, DateTimeOffset now) => _outcomes = apply(connection, now);

    public void Committed() => _done.TrySetResult(_outcomes!);

    public void Failed(Exception failure) => _done.TrySetException(failure);
}

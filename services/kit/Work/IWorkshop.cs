using System.Data.Common;

namespace HmsMesh.Kit;

/// <summary>Runs transactions outside of handlers, such as those of a route.</summary>
public interface IWorkshop
{
    /// <summary>Commits when <paramref name="work"/> returns, rolls back when it throws. It may run again where the database asks for it,
    /// so nothing outside the database happens in it.</summary>
    Task RunAsync(Func<Work, CancellationToken, Task> work, CancellationToken cancellationToken);

    /// <inheritdoc cref="RunAsync(Func{Work, CancellationToken, Task}, CancellationToken)"/>
    Task<T> RunAsync<T>(Func<Work, CancellationToken, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Reads, beside whoever writes.</summary>
    Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken);
}

using System.Data.Common;
using HmsMesh.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Kit;

/// <summary>Runs pieces of work: a transaction, its outbox rows, the commit, and then the relay and those who wait.</summary>
internal sealed class Workshop(
    Database database, OutboxWriter outbox, Relay relay, Speech speech, IServiceScopeFactory scopes, TimeProvider time, ILogger<Workshop> log) : IWorkshop
{
    private const int Tries = 4;

    public async Task RunAsync(Func<Work, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        await RunAsync(
            async (w, token) =>
            {
                await work(w, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<T> RunAsync<T>(Func<Work, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        var result = default(T);
        await TransactAsync(
            null,
            false,
            async (context, token) =>
            {
                result = await work(new Work(context), token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return result!;
    }

    public Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken) => database.ReadAsync(read, cancellationToken);

    /// <summary>Commits where <paramref name="work"/> says true. A rehearsal does all but the commit.</summary>
    internal async Task<WorkContext> TransactAsync(
        CloudEvent? cause, bool isRehearsal, Func<WorkContext, CancellationToken, Task<bool>> work, CancellationToken cancellationToken)
    {
        var attempt = 0;
        while (true)
        {
            attempt++;
            try
            {
                return await TryAsync(cause, isRehearsal, work, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (attempt < Tries && database.IsWorthRetrying(e))
            {
                log.TransactionRepeated(attempt, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(5 << attempt), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<WorkContext> TryAsync(
        CloudEvent? cause, bool isRehearsal, Func<WorkContext, CancellationToken, Task<bool>> work, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var (context, subjects) = await SaveAsync(scope.ServiceProvider, cause, isRehearsal, work, cancellationToken).ConfigureAwait(false);
            if (subjects is null)
            {
                return context;
            }

            relay.Wake(subjects);
            foreach (var action in context.ActionsAfterCommit)
            {
                Run(action);
            }

            return context;
        }
    }

    // Null subjects: nothing was committed.
    private async Task<(WorkContext Context, IReadOnlyList<string>? Subjects)> SaveAsync(
        IServiceProvider services, CloudEvent? cause, bool isRehearsal, Func<WorkContext, CancellationToken, Task<bool>> work, CancellationToken cancellationToken)
    {
        var session = await database.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var context = new WorkContext
            {
                Db = session.Connection,
                Services = services,
                Time = time,
                Log = isRehearsal ? NullLogger.Instance : log,
                Speech = speech,
                Cause = cause,
                IsRehearsal = isRehearsal,
            };
            if (!await work(context, cancellationToken).ConfigureAwait(false))
            {
                return (context, null);
            }

            var subjects = await outbox.SaveAsync(context, cancellationToken).ConfigureAwait(false);
            if (isRehearsal)
            {
                return (context, null);
            }

            await session.CommitAsync().ConfigureAwait(false);
            return (context, subjects);
        }
    }

    // The work is saved: what fails from here on must not make it look undone.
    private void Run(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            log.AfterCommitFailed(e);
        }
    }
}

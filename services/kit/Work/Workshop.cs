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
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

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
            if (!await HeedAsync(work(context, cancellationToken), session, cancellationToken).ConfigureAwait(false))
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

    // Work that doesn't heed its token is left behind: it must not hold the database for ever, nor reach into another's transaction.
    private async Task<bool> HeedAsync(Task<bool> work, Session session, CancellationToken cancellationToken)
    {
        if (!work.IsCompleted && cancellationToken.CanBeCanceled)
        {
            var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var registration = cancellationToken.UnsafeRegister(static s => ((TaskCompletionSource)s!).TrySetResult(), told);
            await using (registration.ConfigureAwait(false))
            {
                if (await Task.WhenAny(work, told.Task).ConfigureAwait(false) != work
                    && await Task.WhenAny(work, Task.Delay(Grace, time, CancellationToken.None)).ConfigureAwait(false) != work)
                {
                    session.Abandon();
                    _ = work.ContinueWith(
                        static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                    throw new OperationCanceledException("The work went on after it was told to stop; it was left behind.", cancellationToken);
                }
            }
        }

        return await work.ConfigureAwait(false);
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

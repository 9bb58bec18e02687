using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit;

/// <summary>Sends what the outbox holds, at once and again until the sidecar has it: one subject's events one after another, several
/// subjects side by side, each subject by one instance of the service at a time.</summary>
internal sealed class Relay(OutboxStore store, RelaySender sender, TimeProvider time, ILogger<Relay> log) : IDisposable
{
    // Finds what others left behind: an instance that died, or one that let go of a subject in the moment in which an event of it was saved.
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SubjectTurn> _turns = new(StringComparer.Ordinal);
    private readonly SentMarks _marks = new(store, time, log);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _givingUp = new();
    private Task _sweeping = Task.CompletedTask;
    private Task _marking = Task.CompletedTask;
    private bool _started;

    public void Start()
    {
        lock (_lock)
        {
            _started = true;
        }

        _marking = Task.Run(() => _marks.RunAsync(_givingUp.Token), CancellationToken.None);
        _sweeping = Task.Run(() => SweepAsync(_stopping.Token), CancellationToken.None);
    }

    /// <summary>Events of these subjects were committed, and this instance holds them.</summary>
    public void Wake(IReadOnlyList<string> subjects)
    {
        var heldUntil = time.GetUtcNow() + Instance.Lease;
        foreach (var subject in subjects)
        {
            Wake(subject, heldUntil);
        }
    }

    /// <summary>Ends after the event that is being sent; what waits stays in the outbox.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] running;
        lock (_lock)
        {
            _started = false;
            running = [.. _turns.Values.Select(t => t.Running)];
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        var cut = cancellationToken.Register(static s => ((CancellationTokenSource)s!).Cancel(), _givingUp);
        await using (cut.ConfigureAwait(false))
        {
            await Task.WhenAll(running).ConfigureAwait(false);
            await _sweeping.ConfigureAwait(false);
            _marks.Complete();
            await _marking.ConfigureAwait(false);
        }

        try
        {
            await store.ReleaseAllAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The leases run out by themselves.
            log.RelayFailed(e);
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _givingUp.Dispose();
    }

    private void Wake(string subject, DateTimeOffset heldUntil)
    {
        lock (_lock)
        {
            if (!_started)
            {
                return;
            }

            if (_turns.TryGetValue(subject, out var turn))
            {
                turn.Again = true;
                turn.HeldUntil = heldUntil > turn.HeldUntil ? heldUntil : turn.HeldUntil;
                return;
            }

            turn = new SubjectTurn(subject) { HeldUntil = heldUntil };
            _turns.Add(subject, turn);
            turn.Running = Task.Run(() => RunAsync(turn), CancellationToken.None);
        }
    }

    private async Task RunAsync(SubjectTurn turn)
    {
        var go = true;
        while (go)
        {
            var more = false;
            try
            {
                more = await SendWaitingAsync(turn).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // It ends below.
            }
            catch (Exception e)
            {
                // A bug or the database; the sweep comes back to the subject.
                log.RelayFailed(e);
            }

            lock (_lock)
            {
                go = (more || turn.Again) && !_stopping.IsCancellationRequested;
                turn.Again = false;
                if (!go)
                {
                    _turns.Remove(turn.Subject);
                }
            }
        }
    }

    /// <summary>True where there is more.</summary>
    private async Task<bool> SendWaitingAsync(SubjectTurn turn)
    {
        var rows = await store.WaitingAsync(turn.Subject, _stopping.Token).ConfigureAwait(false);
        if (rows.Count == 0)
        {
            return false;
        }

        var sent = new List<string>(rows.Count);
        var more = false;
        try
        {
            foreach (var row in rows)
            {
                if (!await sender.SendAsync(row, turn, _stopping.Token, _givingUp.Token).ConfigureAwait(false))
                {
                    break;
                }

                sent.Add(row.Id);
            }
        }
        finally
        {
            // Whatever ended the loop: those that were accepted are marked.
            if (sent.Count > 0)
            {
                more = await _marks.AddAsync(turn.Subject, sent).ConfigureAwait(false);
            }
        }

        // Not all: the lease is another's now, or this ends.
        return more && sent.Count == rows.Count;
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                foreach (var subject in await store.FreeSubjectsAsync(cancellationToken).ConfigureAwait(false))
                {
                    Wake(subject, default);
                }

                await Task.Delay(Sweep, time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.RelayFailed(e);
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

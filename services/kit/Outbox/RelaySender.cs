using System.Text;
using Dapr.Client;
using HmsMesh.Contracts;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit;

/// <summary>Hands one event to the sidecar, until it is taken.</summary>
internal sealed class RelaySender(
    DaprClient dapr, OutboxStore store, MeshSettings settings, MeshStats stats, IEnumerable<IMeshObserver> observers, TimeProvider time, ILogger<RelaySender> log) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _sideBySide = new(32);
    private readonly IMeshObserver[] _observers = [.. observers];

    /// <summary>False where the subject is another instance's now, or this one stops.</summary>
    /// <param name="row">The event.</param>
    /// <param name="turn">Its subject.</param>
    /// <param name="stopping">Ends the waiting between tries.</param>
    /// <param name="givingUp">Ends a try.</param>
    public async Task<bool> SendAsync(OutboxRow row, SubjectTurn turn, CancellationToken stopping, CancellationToken givingUp)
    {
        var bytes = Encoding.UTF8.GetBytes(row.Event);
        var cloudEvent = CloudEventJson.Read(bytes).Event ?? throw new InvalidOperationException($"The outbox row {row.Id} is no CloudEvent.");
        var attempt = 0;
        while (true)
        {
            attempt++;

            // Long enough for this try; a subject that waits a long time for its sidecar renews now and then.
            if (turn.HeldUntil - time.GetUtcNow() < Timeout + TimeSpan.FromSeconds(2) && !await HoldAsync(turn, stopping).ConfigureAwait(false))
            {
                return false;
            }

            if (await TryAsync(row, bytes, cloudEvent, stopping, givingUp).ConfigureAwait(false) is not { } reason)
            {
                Accepted(cloudEvent);
                return true;
            }

            stats.CountSent(row.Topic, accepted: false);
            if (int.IsPow2(attempt))
            {
                log.SendFailed(row.Topic, row.Id, attempt, reason);
            }

            await Task.Delay(PauseAfter(attempt), time, stopping).ConfigureAwait(false);
        }
    }

    public void Dispose() => _sideBySide.Dispose();

    private async Task<bool> HoldAsync(SubjectTurn turn, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + Instance.Lease;
        if (!await store.HoldAsync(turn.Subject, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        turn.HeldUntil = until;
        return true;
    }

    /// <summary>Null where the sidecar has it; else why not.</summary>
    private async Task<string?> TryAsync(OutboxRow row, byte[] bytes, CloudEvent cloudEvent, CancellationToken stopping, CancellationToken givingUp)
    {
        await _sideBySide.WaitAsync(stopping).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, givingUp);
        using var activity = Telemetry.StartSending(row.Topic, row.Id, cloudEvent.TraceParent, cloudEvent.TraceState);
        try
        {
            await dapr.PublishByteEventAsync(CloudEventFactory.PubsubName, row.Topic, bytes, CloudEvent.MediaType, cancellationToken: either.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (givingUp.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return $"no answer within {Timeout.TotalSeconds} s";
        }
        catch (Exception e)
        {
            // Whatever it is, the event stays and is tried again; the innermost message is the one that names the cause.
            return e.GetBaseException().Message;
        }
        finally
        {
            _sideBySide.Release();
        }
    }

    private void Accepted(CloudEvent cloudEvent)
    {
        stats.CountSent(cloudEvent.Topic!, accepted: true);
        log.Sent(cloudEvent.Topic!, cloudEvent.Id, (time.GetUtcNow() - cloudEvent.Time!.Value).TotalMilliseconds);
        foreach (var observer in _observers)
        {
            observer.Sent(settings.AppId, cloudEvent);
        }
    }

    private static TimeSpan PauseAfter(int attempt)
    {
        var pause = attempt > 6 ? LongestPause : FirstPause * (1 << (attempt - 1));
        return (pause < LongestPause ? pause : LongestPause) * (0.8 + (Random.Shared.NextDouble() * 0.4));
    }
}

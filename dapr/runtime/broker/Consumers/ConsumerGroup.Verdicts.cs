using HmsMesh.Broker.Writing;

namespace HmsMesh.Broker.Consumers;

/// <content>What becomes of an event: done, tried again, or dead.</content>
internal sealed partial class ConsumerGroup
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(365);

    /// <summary>The verdicts of one delivery.</summary>
    public void Settle(Subscription subscription, PendingEvent[] events, IReadOnlyList<Verdict> verdicts)
    {
        var atOnce = false;
        lock (_gate)
        {
            subscription.Free();
            for (var i = 0; i < events.Length; i++)
            {
                atOnce |= Settle(subscription, events[i], verdicts[i]);
            }
        }

        _core.Queue.Moved(this, atOnce);
        Signal();
    }

    /// <summary>Its dead letter is in the log.</summary>
    public void Buried(PendingEvent pending)
    {
        BrokerLog.DeadLettered(_core.Logger, Name, pending.Offset, Topic.Name, pending.Tries, pending.Grave!, pending.Cause ?? "");
        lock (_gate)
        {
            Finish(pending, dead: true);
        }

        _core.Queue.Moved(this, atOnce: false);
        Signal();
    }

    /// <summary>Its dead letter found no room; the event stays owed.</summary>
    public void NotBuried(PendingEvent pending, string problem)
    {
        BrokerLog.DeadLetterRefused(_core.Logger, pending.Offset, Name, problem);
        lock (_gate)
        {
            pending.Due = _core.Now + TimeSpan.TicksPerSecond;
            _waiting.Add(pending, givenBack: false);
        }
    }

    /// <summary>What was given up but found no room to be buried.</summary>
    private void BuryReady()
    {
        while (_ready.TryPeek(out var pending, out _) && pending.Grave is not null)
        {
            _ready.Dequeue();
            Bury(pending);
        }
    }

    /// <summary>Returns whether the log must know at once, because a try was spent.</summary>
    private bool Settle(Subscription subscription, PendingEvent pending, Verdict verdict)
    {
        switch (verdict.Kind)
        {
            case VerdictKind.Failed:
                Failed(subscription, pending, verdict);
                return true;
            case VerdictKind.GivenUp:
            case VerdictKind.Dropped when BuriesDropped(subscription):
                (pending.Tries, pending.Cause) = (pending.Tries + 1, verdict.Cause ?? "The app dropped it.");
                pending.FirstTrace ??= verdict.TraceParent;
                GiveUp(subscription, pending);
                return true;
            case VerdictKind.GivenBack:
                pending.Due = subscription.Paused || verdict.Scheduled ? 0 : _core.Now + (TimeSpan.TicksPerMillisecond * 250);
                pending.Event = null;
                _waiting.Add(pending, givenBack: true);
                return false;
            default:
                pending.Verdict = verdict.Kind;
                Finish(pending, dead: false);
                return false;
        }
    }

    private void Failed(Subscription subscription, PendingEvent pending, Verdict verdict)
    {
        (pending.Tries, pending.Cause) = (pending.Tries + 1, verdict.Cause ?? "The app failed.");
        pending.FirstTrace ??= verdict.TraceParent;
        TimeSpan? delay;
        try
        {
            delay = verdict.Scheduled ? verdict.RetryAfter : subscription.Options.Retry.DelayAfter(pending.Tries);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            BrokerLog.ScheduleFailed(_core.Logger, e, Name, Topic.Name);
            delay = TimeSpan.FromSeconds(1);
        }

        if (delay is not { } wait)
        {
            GiveUp(subscription, pending);
            return;
        }

        pending.Due = _core.Now + Math.Clamp(wait.Ticks, 0, MaxWait.Ticks);
        pending.Event = null;
        _book.Failed(pending);
        _waiting.Add(pending, givenBack: false);
    }

    private void GiveUp(Subscription subscription, PendingEvent pending)
    {
        pending.Grave = subscription.Options.DeadLetterTopic ?? Name + ".dead";
        if (pending.Grave == Topic.Name)
        {
            BrokerLog.DeadLetterDropped(_core.Logger, Name, pending.Offset, Topic.Name, pending.Cause!);
            pending.Verdict = VerdictKind.Dropped;
            Finish(pending, dead: false);
            return;
        }

        _book.Failed(pending);
        if (pending.Event is null)
        {
            // The pump alone reads: it buries what it has read.
            _ready.Enqueue(pending, pending.Offset);
            return;
        }

        Bury(pending);
    }

    private void Bury(PendingEvent pending)
    {
        if (pending.Event is null && !Load(pending))
        {
            return;
        }

        var item = DeadLetters.Make(_core, Name, pending);
        _core.Queue.Moved(this, atOnce: true);
        if (_core.Queue.TryAdd(new DeadLetterRequest(this, pending, item)) is not null)
        {
            NotBuried(pending, "Too much waits for the disk.");
        }
    }

    private void Finish(PendingEvent pending, bool dead)
    {
        if (_book.Done(pending, dead) is { } next)
        {
            MakeReady(next);
        }
    }
}

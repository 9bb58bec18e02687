using HmsMesh.Broker.Log;
using HmsMesh.Broker.State;
using HmsMesh.Broker.Writing;

namespace HmsMesh.Broker.Consumers;

/// <summary>
/// One consumer of one topic: reads the topic's events as far as its subscriptions have room, gives them out, and keeps the book.
/// Woken by new events, verdicts, timers and subscriptions; one pump runs at a time, on the thread pool.
/// </summary>
internal sealed class ConsumerGroup : IThreadPoolWorkItem, IDisposable
{
    /// <summary>So many events may wait behind their keys, or for another try, before reading on waits for them.</summary>
    private const int MaxHeld = 1 << 18;
    private const int MaxActive = 1 << 14;
    private readonly BrokerCore _core;
    private readonly ConsumerBook _book;
    private readonly Lock _gate = new();
    private readonly LogReader _reader;
    private readonly RetryQueue _waiting;
    private readonly PriorityQueue<PendingEvent, long> _ready = new();
    private Subscription[] _subscriptions = [];
    private int _pump;
    private volatile string? _problem;

    public ConsumerGroup(BrokerCore core, Topic topic, ConsumerState state)
    {
        (_core, Topic, Id, Name, Identity) = (core, topic, state.Id, state.Name, state.Identity);
        _book = new ConsumerBook(state);
        _reader = new LogReader(core.Files);
        _waiting = new RetryQueue(core.Options.Time, Signal);
    }

    public Topic Topic { get; }

    public int Id { get; }

    public string Name { get; }

    public string Identity { get; set; }

    public bool Attached => _subscriptions.Length > 0;

    /// <summary>Something may be to be done.</summary>
    public void Signal()
    {
        if (!Attached)
        {
            return;
        }

        // 0: no pump; 1: one runs or will; 2: it must look once more.
        int seen;
        do
        {
            seen = Interlocked.CompareExchange(ref _pump, 1, 0);
            if (seen == 0)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
        }
        while (seen == 1 && Interlocked.CompareExchange(ref _pump, 2, 1) == 0);
    }

    public void Execute()
    {
        do
        {
            Volatile.Write(ref _pump, 1);
            try
            {
                Pump();
                _reader.Rest();
            }
            catch (BrokerDamagedException e)
            {
                // Nothing is skipped: the consumer stands still until the log is repaired.
                _problem = e.Message;
                BrokerLog.ConsumerStopped(_core.Logger, e, Name, Topic.Name);
            }
        }
        while (Interlocked.CompareExchange(ref _pump, 0, 1) != 1);
    }

    public void Attach(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions = [.. _subscriptions, subscription];
        }

        Signal();
    }

    /// <summary>Takes a subscription off; what it had collected goes to others.</summary>
    public void Detach(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions = [.. _subscriptions.Where(one => one != subscription)];
            foreach (var pending in subscription.TakeBatch())
            {
                _ready.Enqueue(pending, pending.Offset);
            }
        }

        Signal();
    }

    /// <summary>A subscription stands still: what it had collected may go to others.</summary>
    public void Paused(Subscription subscription)
    {
        lock (_gate)
        {
            foreach (var pending in subscription.TakeBatch())
            {
                _ready.Enqueue(pending, pending.Offset);
            }
        }

        Signal();
    }

    /// <summary>A subscription goes on: what was given back need not wait.</summary>
    public void Resumed()
    {
        lock (_gate)
        {
            foreach (var pending in _waiting.TakeGivenBack())
            {
                _ready.Enqueue(pending, pending.Offset);
            }
        }

        Signal();
    }

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

    public bool Owes(long offset)
    {
        lock (_gate)
        {
            return _book.Owes(offset);
        }
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

    public ConsumerProgress? TakeProgress()
    {
        lock (_gate)
        {
            return _book.TakeProgress(Id);
        }
    }

    public ConsumerState TakeState()
    {
        var state = new ConsumerState(Id, Topic.PubSub, Topic.Name, Name) { Identity = Identity };
        lock (_gate)
        {
            _book.CopyTo(state);
        }

        return state;
    }

    /// <summary>The oldest offset that must be kept for it.</summary>
    public long NeededFrom()
    {
        lock (_gate)
        {
            var next = Topic.Total == _book.Count ? long.MaxValue : _book.Cursor + 1;
            return Math.Min(_book.OldestOwed, next);
        }
    }

    public SubscriberStatus Status()
    {
        lock (_gate)
        {
            var lag = Topic.Total - _book.Count + _book.Outstanding;
            var mark = _book.OldestOwed == long.MaxValue ? _book.Cursor : _book.OldestOwed - 1;
            var inFlight = _subscriptions.Sum(static one => one.InFlight);
            return new SubscriberStatus(Topic.PubSub, Topic.Name, Name, mark, lag, inFlight, _book.Retrying, _book.Dead, Attached) { Problem = _problem };
        }
    }

    public void Dispose()
    {
        _waiting.Dispose();
        _reader.Dispose();
    }

    private void Pump()
    {
        while (_problem is null)
        {
            Subscription? target;
            PendingEvent? pending;
            bool mayRead;
            lock (_gate)
            {
                _waiting.MoveDue(_core.Now, _ready);
                BuryReady();
                target = Array.FindAll(_subscriptions, static one => one.HasRoom).MinBy(static one => one.InFlight);
                if (target is null)
                {
                    return;
                }

                _ready.TryDequeue(out pending, out _);
                mayRead = _book.Held < MaxHeld && _book.Active < MaxActive;
            }

            if (pending is null && (!mayRead || !TryRead(out pending)))
            {
                FlushBatches();
                return;
            }

            if (pending is not null && Load(pending))
            {
                Offer(target, pending);
            }
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

    /// <summary>Reads the next event of the topic; false where there is none yet. It may have to wait: then <paramref name="pending"/> is null.</summary>
    private bool TryRead(out PendingEvent? pending)
    {
        pending = null;
        long offset;
        lock (_gate)
        {
            if (!_book.TryPeekRecovered(out offset))
            {
                offset = NextOffset();
            }
        }

        if (offset < 0 || !TryFind(offset, out var record))
        {
            return false;
        }

        var stored = record.Kind == RecordKind.None ? null : record.Event(Topic);
        lock (_gate)
        {
            if (stored is null || (stored.Expires is { } expires && expires.UtcTicks <= _core.Now))
            {
                _book.Skip(record.Offset);
                _core.Queue.Moved(this, atOnce: false);
                return true;
            }

            pending = _book.Admit(stored);
            if (pending is { Tries: > 0 } && pending.Due > _core.Now)
            {
                pending.Event = null;
                _waiting.Add(pending, givenBack: false);
                pending = null;
            }
        }

        return true;
    }

    /// <summary>Where the next event of the topic is or may be; -1 where there is none.</summary>
    private long NextOffset()
    {
        var head = _core.Files.Head;
        if (_book.Count == Topic.Total)
        {
            _book.MoveTo(head - 1);
            return -1;
        }

        return Topic.TryNext(_book.Cursor, out var next) ? next : Math.Max(_book.Cursor + 1, _core.Files.Segments[0].Base);
    }

    /// <summary>Goes on from an offset to the first event of the topic. An event that retention let go of is answered with an empty record.</summary>
    private bool TryFind(long offset, out LogRecord record)
    {
        if (offset < _core.Files.Segments[0].Base)
        {
            record = new LogRecord(offset, RecordKind.None, default, null);
            return true;
        }

        while (_reader.TryRead(offset, out record))
        {
            if (record.IsOf(Topic))
            {
                return true;
            }

            offset++;
        }

        return false;
    }

    /// <summary>Brings an event back that was let go of while it waited.</summary>
    private bool Load(PendingEvent pending)
    {
        if (pending.Event is not null)
        {
            return true;
        }

        if (pending.Offset < _core.Files.Segments[0].Base || !_reader.TryRead(pending.Offset, out var record))
        {
            lock (_gate)
            {
                Finish(pending, dead: false);
            }

            return false;
        }

        pending.Event = record.Event(Topic);
        if (pending.Event.Expires is { } expires && expires.UtcTicks <= _core.Now)
        {
            lock (_gate)
            {
                Finish(pending, dead: false);
            }

            _core.Queue.Moved(this, atOnce: false);
            return false;
        }

        return true;
    }

    private void Offer(Subscription target, PendingEvent pending)
    {
        lock (_gate)
        {
            target.Offer(pending);
        }
    }

    private void FlushBatches()
    {
        lock (_gate)
        {
            foreach (var subscription in _subscriptions)
            {
                subscription.FlushBatch();
            }
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
            case VerdictKind.Dropped when subscription.Options is { DeadLetterDropped: true, DeadLetterTopic: not null }:
                (pending.Tries, pending.Cause) = (pending.Tries + 1, verdict.Cause ?? "The app dropped it.");
                pending.FirstTrace ??= verdict.TraceParent;
                GiveUp(subscription, pending);
                return true;
            case VerdictKind.GivenBack:
                pending.Due = subscription.Paused ? 0 : _core.Now + (TimeSpan.TicksPerMillisecond * 250);
                pending.Event = null;
                _waiting.Add(pending, givenBack: true);
                return false;
            default:
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
            delay = subscription.Options.Retry.DelayAfter(pending.Tries);
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

        pending.Due = _core.Now + wait.Ticks;
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
            Finish(pending, dead: false);
            return;
        }

        _book.Failed(pending);
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
        _core.Queue.TryAdd(new DeadLetterRequest(this, pending, item));
    }

    private void Finish(PendingEvent pending, bool dead)
    {
        if (_book.Done(pending, dead) is not { } next)
        {
            return;
        }

        if (next.Tries > 0 && next.Due > _core.Now)
        {
            _waiting.Add(next, givenBack: false);
        }
        else
        {
            _ready.Enqueue(next, next.Offset);
        }
    }
}

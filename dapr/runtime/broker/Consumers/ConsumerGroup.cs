using HmsMesh.Broker.Log;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Consumers;

/// <summary>
/// One consumer of one topic: reads the topic's events as far as its subscriptions have room, gives them out, and keeps the book.
/// Woken by new events, verdicts, timers and subscriptions; one pump runs at a time, on the thread pool.
/// </summary>
internal sealed partial class ConsumerGroup : IThreadPoolWorkItem, IDisposable
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
            catch (ObjectDisposedException)
            {
                // The broker has closed meanwhile.
                _problem = "The broker is closed.";
            }
            catch (Exception e) when (e is BrokerException or IOException or InvalidDataException)
            {
                // Nothing is skipped: the consumer stands still until the log can be read.
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

    public bool Owes(long offset)
    {
        lock (_gate)
        {
            return _book.Owes(offset);
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

    /// <summary>A pump that is still at work gives the reader's buffer back itself.</summary>
    public void Dispose() => _waiting.Dispose();

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
                target = LeastBusy();
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

    private Subscription? LeastBusy()
    {
        Subscription? least = null;
        foreach (var one in _subscriptions)
        {
            least = one.HasRoom && (least is null || one.InFlight < least.InFlight) ? one : least;
        }

        return least;
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
            if (target.HasRoom)
            {
                target.Offer(pending);
            }
            else
            {
                // Paused or detached meanwhile.
                _ready.Enqueue(pending, pending.Offset);
            }
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
}

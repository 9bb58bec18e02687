using HmsMesh.Broker.Log;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Consumers;

/// <summary>
/// One consumer of one topic: reads the topic's events as far as its subscriptions have room, gives them out, and keeps the book.
/// Woken by new events, verdicts, timers and subscriptions; one pump runs at a time, on the thread pool.
/// </summary>
internal sealed partial class ConsumerGroup : IDisposable
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
    private readonly Instances _instances = new();
    private readonly Pump _pump;
    private volatile string? _problem;
    private long _readAgain = long.MaxValue;

    public ConsumerGroup(BrokerCore core, Topic topic, ConsumerState state)
    {
        (_core, Topic, Id, Name, Identity) = (core, topic, state.Id, state.Name, state.Identity);
        _book = new ConsumerBook(state);
        _reader = new LogReader(core.Files);
        _pump = new Pump(TakeTurn);
        _waiting = new RetryQueue(core.Options.Time, Signal);
    }

    public Topic Topic { get; }

    public int Id { get; }

    public string Name { get; }

    public string Identity { get; set; }

    public bool Attached => _instances.Any;

    /// <summary>Something may be to be done.</summary>
    public void Signal()
    {
        if (Attached && !_core.Holding)
        {
            _pump.Wake();
        }
    }

    public void Attach(Subscription subscription)
    {
        lock (_gate)
        {
            _instances.Add(subscription);
        }

        Signal();
    }

    /// <summary>Takes a subscription off; what it had collected goes to others.</summary>
    public void Detach(Subscription subscription)
    {
        lock (_gate)
        {
            _instances.Remove(subscription);
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

    /// <summary>An event that an operator sent again to this consumer is in the log.</summary>
    public void Redeliver(long offset)
    {
        lock (_gate)
        {
            _book.Redeliver(offset);
        }

        Signal();
    }

    public ConsumerProgress? TakeProgress()
    {
        lock (_gate)
        {
            _told = _settles;
            return _book.TakeProgress(Id);
        }
    }

    /// <summary>Its progress was not written, as a snapshot came before it.</summary>
    public void TellAgain(IReadOnlyCollection<ReplayEnd> ends)
    {
        if (ends.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            _book.TellAgain(ends);
        }

        _core.Queue.Moved(this, atOnce: false);
    }

    public ConsumerState TakeState()
    {
        var state = new ConsumerState(Id, Topic.PubSub, Topic.Name, Name) { Identity = Identity };
        lock (_gate)
        {
            _told = _settles;
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
            return new SubscriberStatus(Topic.PubSub, Topic.Name, Name, _book.Mark, lag, _instances.InFlight, _book.Retrying, _book.Dead, Attached) { Problem = _problem };
        }
    }

    /// <summary>A pump that is still at work gives the reader's buffer back itself.</summary>
    public void Dispose() => _waiting.Dispose();

    private void TakeTurn()
    {
        try
        {
            if (_core.Now >= _readAgain)
            {
                (_problem, _readAgain) = (null, long.MaxValue);
            }
            else if (_readAgain != long.MaxValue)
            {
                WakeAt(_readAgain);
            }

            GiveOut();
            _reader.Rest();
        }
        catch (ObjectDisposedException) when (_core.Closing)
        {
            _problem = "The broker is closed.";
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The system could not read now, which says nothing of what is there: it is asked again in a while.
            BrokerLog.ConsumerStopped(_core.Logger, e, Name, Topic.Name);
            ReadAgain(e.Message);
        }
        catch (Exception e) when (e is BrokerException or InvalidDataException)
        {
            // Nothing is skipped: what is damaged stays so, and the consumer stands still.
            _problem = e.Message;
            BrokerLog.ConsumerStopped(_core.Logger, e, Name, Topic.Name);
        }
    }

    private void GiveOut()
    {
        ReadAdopted();
        while (_problem is null)
        {
            Subscription? target;
            PendingEvent? pending;
            bool mayRead;
            lock (_gate)
            {
                _waiting.MoveDue(_core.Now, _ready);
                BuryReady();
                target = _instances.LeastBusy();
                if (target is null)
                {
                    return;
                }

                _ready.TryDequeue(out pending, out _);
                mayRead = _book.Held < MaxHeld && _book.Active < MaxActive;
            }

            if (pending is null && (!mayRead || !TryRead(target, out pending)))
            {
                FlushBatches();
                return;
            }

            if (pending is not null && Load(pending) && !Expired(target, pending))
            {
                Offer(target, pending);
            }
        }
    }

    private void ReadAgain(string problem)
    {
        (_problem, _readAgain) = (problem, _core.Now + TimeSpan.TicksPerSecond);
        WakeAt(_readAgain);
    }

    private void WakeAt(long due)
    {
        lock (_gate)
        {
            _waiting.Wake(due);
        }
    }

    private void Offer(Subscription target, PendingEvent pending)
    {
        lock (_gate)
        {
            if (target.HasRoom)
            {
                target.Offer(pending);
                _instances.Served(target);
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
            _instances.FlushBatches();
        }
    }
}

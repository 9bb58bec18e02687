namespace HmsMesh.Broker.Consumers;

/// <summary>Events that may not go yet, and the timer that wakes their consumer. Its owner holds a lock.</summary>
internal sealed class RetryQueue : IDisposable
{
    private readonly PriorityQueue<PendingEvent, long> _waiting = new();
    private readonly List<PendingEvent> _givenBack = [];
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Action _due;
    private long _armed = long.MaxValue;
    private volatile bool _fired;

    public RetryQueue(TimeProvider time, Action due)
    {
        (_time, _due) = (time, due);
        _timer = time.CreateTimer(static state => ((RetryQueue)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(PendingEvent pending, bool givenBack)
    {
        if (givenBack)
        {
            _givenBack.Add(pending);
        }
        else
        {
            _waiting.Enqueue(pending, pending.Due);
        }

        Arm(pending.Due);
    }

    /// <summary>Moves what may go now.</summary>
    public void MoveDue(long now, PriorityQueue<PendingEvent, long> ready)
    {
        // The timer's clock is another one than the wall's: it may fire too early, and is set again then.
        if (_fired || _armed <= now)
        {
            _fired = false;
            _armed = long.MaxValue;
        }

        while (_waiting.TryPeek(out var pending, out var due) && due <= now)
        {
            _waiting.Dequeue();
            ready.Enqueue(pending, pending.Offset);
        }

        for (var i = _givenBack.Count - 1; i >= 0; i--)
        {
            if (_givenBack[i].Due <= now)
            {
                ready.Enqueue(_givenBack[i], _givenBack[i].Offset);
                _givenBack.RemoveAt(i);
            }
        }

        var next = _waiting.TryPeek(out _, out var first) ? first : long.MaxValue;
        foreach (var pending in _givenBack)
        {
            next = Math.Min(next, pending.Due);
        }

        Arm(next);
    }

    /// <summary>Wakes the consumer at a time for another reason than an event.</summary>
    public void Wake(long due)
    {
        if (_fired)
        {
            _fired = false;
            _armed = long.MaxValue;
        }

        Arm(due);
    }

    public List<PendingEvent> TakeGivenBack()
    {
        var taken = new List<PendingEvent>(_givenBack);
        _givenBack.Clear();
        return taken;
    }

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        _fired = true;
        _due();
    }

    private void Arm(long due)
    {
        if (due >= _armed)
        {
            return;
        }

        // A timer counts whole milliseconds: one more, so that it rarely fires before the time.
        _armed = due;
        var wait = TimeSpan.FromTicks(Math.Max(0, due - _time.GetUtcNow().UtcTicks)) + TimeSpan.FromMilliseconds(1);
        _timer.Change(wait > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : wait, Timeout.InfiniteTimeSpan);
    }
}

using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Consumers;

/// <summary>What a consumer read, owes and did, and what of that the log does not hold yet. Its owner holds a lock.</summary>
internal sealed class ConsumerBook
{
    private readonly Dictionary<long, PendingEvent> _active = [];
    private readonly Dictionary<string, KeyLine> _keys = new(StringComparer.Ordinal);
    private readonly Queue<long> _recovered;
    private readonly Dictionary<long, RetryState> _recoveredRetries;
    private readonly SortedSet<long> _fresh = [];
    private readonly SortedSet<long> _done = [];
    private readonly HashSet<long> _failed = [];
    private readonly HashSet<long> _replays = [];
    private readonly List<ReplayEnd> _ends = [];
    private long _told;

    public ConsumerBook(ConsumerState state)
    {
        (Cursor, Count, Dead, _told) = (state.Cursor, state.Count, state.Dead, state.Cursor);
        _recovered = new(state.Outstanding);
        _recoveredRetries = new(state.Retries);
    }

    /// <summary>Everything of the topic up to here was read.</summary>
    public long Cursor { get; private set; }

    public long Count { get; private set; }

    public long Dead { get; private set; }

    /// <summary>Events that wait behind another one with their key.</summary>
    public int Held { get; private set; }

    /// <summary>Under way, waiting for another try, or ready.</summary>
    public int Active => _active.Count;

    public int Retrying => _active.Values.Count(static one => one.Tries > 0) + _recoveredRetries.Count;

    public int Outstanding => _active.Count + Held + _recovered.Count;

    /// <summary>The oldest event that is not done, or <see cref="long.MaxValue"/>.</summary>
    public long OldestOwed => Math.Min(
        Math.Min(_recovered.TryPeek(out var first) ? first : long.MaxValue, _active.Count == 0 ? long.MaxValue : _active.Keys.Min()),
        OldestHeld);

    /// <summary>Everything up to here is done.</summary>
    public long Mark => Math.Min(Cursor, OldestOwed - 1);

    /// <summary>What waits behind its key is younger than what it waits for, but where that was sent again.</summary>
    private long OldestHeld => _replays.Count == 0 ? long.MaxValue : _keys.Values.SelectMany(static one => one.Held).DefaultIfEmpty(long.MaxValue).Min();

    /// <summary>The next event that was owed already when the broker was opened.</summary>
    public bool TryPeekRecovered(out long offset) => _recovered.TryPeek(out offset);

    /// <summary>An event that is in the log for this consumer alone: it comes before what was not read yet.</summary>
    public void Redeliver(long offset)
    {
        _recovered.Enqueue(offset);
        _replays.Add(offset);
    }

    /// <summary>What was read turned out to be one.</summary>
    public void IsReplay(long offset) => _replays.Add(offset);

    /// <summary>Every event up to here was read, and what was owed of them is known.</summary>
    public long ReadUpTo => _recovered.TryPeek(out var first) ? Math.Min(first - 1, Cursor) : Cursor;

    /// <summary>Whether an event is still to be read, and this is a try that it has not had.</summary>
    public bool MayAdmit(long offset, int tried) =>
        (offset > Cursor || _recovered.Contains(offset)) && (!_recoveredRetries.TryGetValue(offset, out var retry) || retry.Tries < tried);

    public bool Owes(long offset) => _active.ContainsKey(offset);

    /// <summary>Takes an event that was read; null where it waits behind another one of its key.</summary>
    public PendingEvent? Admit(StoredEvent stored)
    {
        if (_recovered.TryPeek(out var recovered) && recovered == stored.Offset)
        {
            _recovered.Dequeue();
        }
        else
        {
            (Cursor, Count) = (stored.Offset, Count + 1);
            _fresh.Add(stored.Offset);
        }

        if (stored.Key is not { } key)
        {
            return Activate(stored.Offset, null, stored);
        }

        if (_keys.TryGetValue(key, out var line))
        {
            line.Hold(stored.Offset);
            Held++;
            return null;
        }

        _keys[key] = new KeyLine();
        return Activate(stored.Offset, key, stored);
    }

    /// <summary>An event that needs no answer: expired, or gone with its segment.</summary>
    public void Skip(long offset)
    {
        if (_recovered.TryPeek(out var recovered) && recovered == offset)
        {
            _recovered.Dequeue();
            _recoveredRetries.Remove(offset);
            _done.Add(offset);
        }
        else
        {
            (Cursor, Count) = (offset, Count + 1);
        }
    }

    /// <summary>Everything up to here was looked at, and nothing more was of the topic.</summary>
    public void MoveTo(long offset) => Cursor = Math.Max(Cursor, offset);

    public void Failed(PendingEvent pending) => _failed.Add(pending.Offset);

    /// <summary>Strikes the event out; returns the next one of its key, which may go now.</summary>
    public PendingEvent? Done(PendingEvent pending, bool dead)
    {
        if (!_active.Remove(pending.Offset))
        {
            return null;
        }

        if (_replays.Remove(pending.Offset))
        {
            _ends.Add(new ReplayEnd(pending.Offset, dead ? VerdictKind.GivenUp : pending.Verdict));
        }

        Dead += dead ? 1 : 0;
        _failed.Remove(pending.Offset);
        if (!_fresh.Remove(pending.Offset))
        {
            _done.Add(pending.Offset);
        }

        if (pending.Key is not { } key)
        {
            return null;
        }

        if (_keys[key].TryTake(out var next))
        {
            Held--;
            return Activate(next, key, null);
        }

        _keys.Remove(key);
        return null;
    }

    /// <summary>What the log does not hold yet, or null for nothing. From now on it counts as told.</summary>
    public ConsumerProgress? TakeProgress(int id)
    {
        if (_told == Cursor && _fresh.Count == 0 && _done.Count == 0 && _failed.Count == 0 && _ends.Count == 0)
        {
            return null;
        }

        var progress = new ConsumerProgress(id, Cursor, Count, [.. _done], [.. _fresh], [.. _failed.Select(one => _active[one].State)], [.. _ends]);
        _ends.Clear();
        Told();
        return progress;
    }

    /// <summary>A snapshot does not hold these: they are told with what is told next.</summary>
    public void TellAgain(IEnumerable<ReplayEnd> ends) => _ends.AddRange(ends);

    /// <summary>Everything, for a snapshot. From now on it counts as told.</summary>
    public void CopyTo(ConsumerState state)
    {
        (state.Cursor, state.Count, state.Dead) = (Cursor, Count, Dead);
        state.Outstanding.UnionWith(_recovered);
        state.Outstanding.UnionWith(_active.Keys);
        state.Outstanding.UnionWith(_keys.Values.SelectMany(static one => one.Held));
        foreach (var retry in _recoveredRetries.Values.Concat(_active.Values.Where(static one => one.Tries > 0).Select(static one => one.State)))
        {
            state.Retries[retry.Offset] = retry;
        }

        Told();
    }

    private void Told()
    {
        _told = Cursor;
        _fresh.Clear();
        _done.Clear();
        _failed.Clear();
    }

    private PendingEvent Activate(long offset, string? key, StoredEvent? stored)
    {
        var pending = new PendingEvent(offset, key) { Event = stored };
        if (_recoveredRetries.Remove(offset, out var retry))
        {
            (pending.Tries, pending.Due, pending.Cause, pending.FirstTrace) = (retry.Tries, retry.Due, retry.Cause, retry.FirstTrace);
        }

        _active[offset] = pending;
        return pending;
    }
}

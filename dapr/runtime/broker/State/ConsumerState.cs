namespace HmsMesh.Broker.State;

/// <summary>A consumer as the log tells it. Of its topic's events up to the cursor all are done but the outstanding ones; none behind it is.</summary>
internal sealed class ConsumerState(int id, string pubSub, string topic, string name)
{
    private readonly HashSet<long> _buriedAhead = [];
    private long _lastBuried;

    public int Id { get; } = id;

    public string PubSub { get; } = pubSub;

    public string Topic { get; } = topic;

    public string Name { get; } = name;

    /// <summary>What of its options is told in the log, so that a change is seen.</summary>
    public string Identity { get; set; } = "";

    public long Cursor { get; set; }

    /// <summary>How many events the topic had up to the cursor.</summary>
    public long Count { get; set; }

    /// <summary>How many it gave up.</summary>
    public long Dead { get; set; }

    public SortedSet<long> Outstanding { get; } = [];

    public Dictionary<long, RetryState> Retries { get; } = [];

    /// <summary>Whether dead letters tell of events behind the cursor: so it is where the progress that came before them is lost or left out.</summary>
    public bool IsBuriedAhead => _lastBuried > Cursor;

    public void Apply(ConsumerProgress progress)
    {
        (Cursor, Count) = (progress.Cursor, progress.Count);
        foreach (var offset in progress.Done)
        {
            Outstanding.Remove(offset);
            Retries.Remove(offset);
        }

        Outstanding.UnionWith(progress.Outstanding);
        foreach (var retry in progress.Retries)
        {
            Retries[retry.Offset] = retry;
        }
    }

    /// <summary>A dead letter in the log is its source's acknowledgement.</summary>
    public void Bury(long offset)
    {
        if (Outstanding.Remove(offset))
        {
            Retries.Remove(offset);
            Dead++;
        }
        else if (offset > Cursor)
        {
            _buriedAhead.Add(offset);
            _lastBuried = Math.Max(_lastBuried, offset);
        }
    }

    /// <summary>What is gone is not owed.</summary>
    public void LeaveOut(long offset)
    {
        Outstanding.Remove(offset);
        Retries.Remove(offset);
    }

    /// <summary>An event of its topic, told in log order: the cursor goes as far as the last one that was buried behind it, so that none is
    /// buried twice. What lies between is owed, as nobody knows what became of it.</summary>
    public void Pass(long offset)
    {
        if (offset <= Cursor || offset > _lastBuried)
        {
            return;
        }

        (Cursor, Count) = (offset, Count + 1);
        if (_buriedAhead.Remove(offset))
        {
            Dead++;
        }
        else
        {
            Outstanding.Add(offset);
        }
    }
}

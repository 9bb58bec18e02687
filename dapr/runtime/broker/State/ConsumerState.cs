namespace HmsMesh.Broker.State;

/// <summary>A consumer as the log tells it. Of its topic's events up to the cursor all are done but the outstanding ones; none behind it is.</summary>
internal sealed class ConsumerState(int id, string pubSub, string topic, string name)
{
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
    }
}

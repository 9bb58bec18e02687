namespace HmsMesh.Broker.Consumers;

/// <summary>The instances that share a consumer's events. Their group's lock guards them.</summary>
internal sealed class Instances
{
    private Subscription[] _all = [];
    private int _turn;

    public bool Any => Volatile.Read(ref _all).Length > 0;

    public Subscription? First => Volatile.Read(ref _all) is [var first, ..] ? first : null;

    public int InFlight => _all.Sum(static one => one.InFlight);

    public void Add(Subscription instance) => Volatile.Write(ref _all, [.. _all, instance]);

    public void Remove(Subscription instance) => Volatile.Write(ref _all, [.. _all.Where(one => one != instance)]);

    /// <summary>The one that fills a batch, so that batches are full; else who has the least under way, and of those that are equally busy
    /// whose turn it is.</summary>
    public Subscription? LeastBusy()
    {
        Subscription? least = null;
        for (var i = 0; i < _all.Length; i++)
        {
            var one = _all[(_turn + i) % _all.Length];
            if (!one.HasRoom)
            {
                continue;
            }

            if (one.FillsBatch)
            {
                return one;
            }

            least = least is null || one.InFlight < least.InFlight ? one : least;
        }

        return least;
    }

    /// <summary>It was given something: the turn is the next one's.</summary>
    public void Served(Subscription instance) => _turn = Array.IndexOf(_all, instance) + 1;

    /// <summary>Nothing more is there: batches that have waited long enough go as they are.</summary>
    public void FlushBatches()
    {
        foreach (var one in _all)
        {
            one.FlushBatch();
        }
    }
}

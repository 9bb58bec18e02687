using HmsMesh.Broker.Consumers;
using HmsMesh.Broker.Log;

namespace HmsMesh.Broker.State;

/// <summary>A topic of one component: how many events it ever had, and where its newest are.</summary>
internal sealed class Topic(string pubSub, string name)
{
    private const int MaxRecent = 4096;
    private readonly Lock _gate = new();
    private long[] _recent = new long[16];
    private int _first;
    private int _count;
    private long _coveredAfter;
    private ConsumerGroup[] _groups = [];
    private long _total;

    public string PubSub { get; } = pubSub;

    public string Name { get; } = name;

    /// <summary>How its events' payloads begin.</summary>
    public byte[] Key { get; } = EventCodec.TopicKey(pubSub, name);

    public long Total
    {
        get => Volatile.Read(ref _total);
        set => Volatile.Write(ref _total, value);
    }

    public IReadOnlyList<ConsumerGroup> Groups => Volatile.Read(ref _groups);

    public void Add(ConsumerGroup group) => Volatile.Write(ref _groups, [.. _groups, group]);

    public void Remove(ConsumerGroup group) => Volatile.Write(ref _groups, [.. _groups.Where(one => one != group)]);

    /// <summary>From here on every event of the topic is remembered; what was before must be looked for in the log.</summary>
    public void CoverAfter(long offset) => _coveredAfter = offset;

    /// <summary>A synced event. The writer alone calls it.</summary>
    public void Append(long offset)
    {
        lock (_gate)
        {
            if (_count == _recent.Length)
            {
                MakeRoom();
            }

            _recent[(_first + _count++) % _recent.Length] = offset;
            Total++;
        }
    }

    /// <summary>Whether it is known which event follows an offset: then <paramref name="next"/> is it, or -1 for none yet.</summary>
    public bool TryNext(long offset, out long next)
    {
        lock (_gate)
        {
            next = -1;
            if (offset < _coveredAfter)
            {
                return false;
            }

            var (low, high) = (0, _count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = _recent[(_first + middle) % _recent.Length] > offset ? (low, middle) : (middle + 1, high);
            }

            next = low < _count ? _recent[(_first + low) % _recent.Length] : -1;
            return true;
        }
    }

    private void MakeRoom()
    {
        if (_count >= MaxRecent)
        {
            _coveredAfter = _recent[_first];
            _first = (_first + 1) % _recent.Length;
            _count--;
            return;
        }

        var larger = new long[_recent.Length * 4];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = _recent[(_first + i) % _recent.Length];
        }

        (_recent, _first) = (larger, 0);
    }
}

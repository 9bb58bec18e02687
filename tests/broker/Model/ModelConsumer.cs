using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests.Model;

/// <summary>What is owed to a consumer, and what it got.</summary>
internal sealed class ModelConsumer(string name, string topic)
{
    private readonly Lock _gate = new();
    private readonly HashSet<long> _delivered = [];
    private readonly HashSet<long> _ended = [];
    private readonly Dictionary<string, long> _first = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    public string Name { get; } = name;

    public string Topic { get; } = topic;

    public bool IsKnown { get; set; }

    public bool IsPaused { get; set; }

    public IBrokerSubscription? Subscription { get; set; }

    /// <summary>Every event of its topic, or for it alone, that was accepted while it was known: the offset and the fate.</summary>
    public Dictionary<long, Fate> Owed { get; } = [];

    /// <summary>Dead letters that must be there, once all has settled.</summary>
    public HashSet<long> Dying { get; } = [];

    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The oldest one that it has never answered for good.</summary>
    public long OldestOwed
    {
        get
        {
            lock (_gate)
            {
                return Owed.Keys.Where(offset => !_ended.Contains(offset)).DefaultIfEmpty(long.MaxValue).Min();
            }
        }
    }

    public IEnumerable<long> NeverDelivered
    {
        get
        {
            lock (_gate)
            {
                return [.. Owed.Keys.Where(offset => !_delivered.Contains(offset))];
            }
        }
    }

    public SubscriptionOptions Options => Make.Subscription(Name, Topic) with { Retry = new Fixed(TimeSpan.FromMilliseconds(1), 4), Concurrency = 8 };

    /// <summary>A handler of the broker that is open now.</summary>
    public IDeliveryHandler Handler() => new Recorder((delivery, _) => ValueTask.FromResult(Answer(delivery)));

    public void Forget()
    {
        lock (_gate)
        {
            (IsKnown, IsPaused) = (false, false);
            Owed.Clear();
            Dying.Clear();
        }
    }

    private Verdict Answer(Delivery delivery)
    {
        var fields = delivery.Event.Text().Split(' ');
        var fate = Enum.Parse<Fate>(fields[0]);
        lock (_gate)
        {
            if (_delivered.Add(delivery.Event.Offset) && delivery.Event.Key is { } key && fields[1] == "new")
            {
                if (_first.GetValueOrDefault(key) > delivery.Event.Offset)
                {
                    _faults.Add($"{Name} first got {delivery.Event.Offset} of key {key} after {_first[key]}");
                }

                _first[key] = delivery.Event.Offset;
            }

            if (fate == Fate.FailsTwice && delivery.Try <= 2)
            {
                return new Verdict(VerdictKind.Failed, "twice");
            }

            _ended.Add(delivery.Event.Offset);
        }

        return fate switch
        {
            Fate.GivenUp => new Verdict(VerdictKind.GivenUp, "never"),
            Fate.Dropped => new Verdict(VerdictKind.Dropped),
            _ => Verdict.Handled,
        };
    }
}

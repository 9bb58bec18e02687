using HmsMesh.Broker.Log;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Repair;

/// <summary>
/// The state as far as a damaged log can be trusted: a progress record tells what changed since the one before, so that behind a gap none
/// counts until the next snapshot. What consumers did meanwhile is delivered to them again; nothing is skipped. A dead letter counts by
/// itself, as it is in the log.
/// </summary>
internal sealed class SurveyFold(int nextConsumer)
{
    private readonly Dictionary<(string PubSub, string Topic), long> _kept = [];
    private readonly HashSet<int> _unknown = [];
    private Dictionary<(string PubSub, string Topic), long> _before = [];
    private ILookup<(string PubSub, string Topic), ConsumerState>? _byTopic;
    private BrokerFold _fold = new();
    private bool _frozen;
    private bool _anchored;

    public int NextConsumer { get; private set; } = nextConsumer;

    /// <summary>How many records are there.</summary>
    public long Records { get; private set; }

    /// <summary>How many consumers were known, and no longer are.</summary>
    public int Unknown => _unknown.Count;

    /// <summary>The segment of the last lost record.</summary>
    public SurveyedSegment? LostIn { get; private set; }

    /// <summary>What the newest snapshot tells of closed segments.</summary>
    public IReadOnlyList<SegmentInfo> Segments => _fold.Segments;

    public long FirstBase => _fold.FirstBase;

    public IReadOnlyCollection<ConsumerState> Consumers => _fold.Consumers;

    public IReadOnlyCollection<Topic> Topics => [.. _kept.Keys.Union(_before.Keys).Select(one => new Topic(one.PubSub, one.Topic) { Total = TotalOf(one) })];

    public void Take(long offset, RecordKind kind, ReadOnlySpan<byte> payload, SurveyedSegment segment)
    {
        Records += kind == RecordKind.Lost ? 0 : 1;
        switch (kind)
        {
            case RecordKind.Lost:
                // The first record of a log that begins is a snapshot of nothing.
                LostIn = segment;
                _frozen |= offset > 1;
                _anchored |= offset == 1;
                return;
            case RecordKind.Snapshot:
                var snapshot = StateCodec.ReadSnapshot(payload);
                if (!_anchored)
                {
                    _anchored = true;
                    _before = snapshot.Topics.ToDictionary(
                        static one => (one.PubSub, one.Name), one => Math.Max(0, one.Total - _kept.GetValueOrDefault((one.PubSub, one.Name))));
                }

                (_fold, _frozen) = (new BrokerFold(), false);
                break;
            case RecordKind.Progress:
                var consumer = StateCodec.ReadProgress(payload).Consumer;
                NextConsumer = Math.Max(NextConsumer, consumer + 1);
                if (_fold.Consumers.All(one => one.Id != consumer))
                {
                    _unknown.Add(consumer);
                }

                if (_frozen)
                {
                    return;
                }

                break;
            case RecordKind.Event:
                var head = EventCodec.DecodeHead(payload);
                segment.DuplicateUntil = Math.Max(segment.DuplicateUntil, head.DuplicateUntil);
                _kept[(head.PubSub, head.Topic)] = _kept.GetValueOrDefault((head.PubSub, head.Topic)) + 1;
                break;
        }

        _fold.Apply(offset, kind, payload);
        if (kind == RecordKind.Snapshot)
        {
            _unknown.Clear();
        }

        NextConsumer = Math.Max(NextConsumer, _fold.NextConsumer);
    }

    /// <summary>What is not there is not owed. From here on events are counted anew: none is counted as read yet.</summary>
    public void Settle(Predicate<long> isGone)
    {
        foreach (var consumer in Consumers)
        {
            consumer.Count = TotalOf((consumer.PubSub, consumer.Topic));
            consumer.Outstanding.Where(offset => isGone(offset)).ToList().ForEach(consumer.LeaveOut);
        }

        _byTopic = Consumers.ToLookup(static one => (one.PubSub, one.Topic));
    }

    /// <summary>An earlier repair has put a lost record in its place.</summary>
    public void LeaveOut(long offset)
    {
        foreach (var consumer in Consumers)
        {
            consumer.LeaveOut(offset);
        }
    }

    /// <summary>Counts an event that is there, for those who have not read it. What was buried is not owed.</summary>
    public void Recount(long offset, string pubSub, string topic)
    {
        foreach (var consumer in _byTopic![(pubSub, topic)].Where(one => offset > one.Cursor))
        {
            consumer.Count--;
            consumer.Pass(offset);
        }
    }

    public IReadOnlyList<RepairTopic> ReportTopics() => [.. Topics.Select(one => new RepairTopic(
        one.PubSub, one.Name, _kept.GetValueOrDefault((one.PubSub, one.Name)),
        Math.Max(0, (_fold.Topics.GetValueOrDefault((one.PubSub, one.Name))?.Total ?? 0) - one.Total)))];

    public IReadOnlyList<SubscriberStatus> ReportSubscribers() => [.. Consumers.Select(one => new SubscriberStatus(
        one.PubSub, one.Topic, one.Name, one.Outstanding.Count > 0 ? Math.Min(one.Cursor, one.Outstanding.Min - 1) : one.Cursor,
        TotalOf((one.PubSub, one.Topic)) - one.Count + one.Outstanding.Count, 0, one.Retries.Count, one.Dead, false))];

    private long TotalOf((string PubSub, string Topic) topic) => _before.GetValueOrDefault(topic) + _kept.GetValueOrDefault(topic);
}

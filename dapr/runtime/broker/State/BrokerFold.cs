using HmsMesh.Broker.Log;

namespace HmsMesh.Broker.State;

/// <summary>The state as the fold of the log: a snapshot, and each record after it.</summary>
internal sealed class BrokerFold(long now = long.MaxValue)
{
    private readonly Dictionary<int, ConsumerState> _consumers = [];

    /// <summary>What counts for deduplication in the walked segment.</summary>
    public DuplicateTable Duplicates { get; } = new();

    public Dictionary<(string PubSub, string Name), Topic> Topics { get; } = [];

    public IReadOnlyCollection<ConsumerState> Consumers => _consumers.Values;

    public IReadOnlyList<SegmentInfo> Segments { get; private set; } = [];

    public long FirstBase { get; private set; } = 1;

    public int NextConsumer { get; private set; } = 1;

    /// <summary>Until when an event of the walked segment counts for deduplication.</summary>
    public long DuplicateUntil { get; private set; }

    /// <summary>Takes a record of a segment, which ended at a byte. What can't be understood is damage.</summary>
    public void Apply(Segment segment, RecordHeader header, ReadOnlyMemory<byte> payload, long end)
    {
        try
        {
            Apply(header.Offset, header.Kind, payload.Span);
        }
        catch (InvalidDataException e)
        {
            throw new BrokerDamagedException(segment.Path, end - header.Size, $"record {header.Offset} can't be understood: {e.Message}");
        }
    }

    public void Apply(long offset, RecordKind kind, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case RecordKind.Event:
                ApplyEvent(offset, payload);
                break;
            case RecordKind.Snapshot:
                ApplySnapshot(StateCodec.ReadSnapshot(payload));
                break;
            case RecordKind.Consumer:
                ApplyConsumer(offset, StateCodec.ReadConsumer(payload));
                break;
            case RecordKind.Progress:
                var progress = StateCodec.ReadProgress(payload);
                if (_consumers.TryGetValue(progress.Consumer, out var consumer))
                {
                    consumer.Apply(progress);
                }

                break;
            case RecordKind.Forgotten:
                _consumers.Remove((int)StateCodec.ReadNumber(payload));
                break;
            case RecordKind.Trimmed:
                FirstBase = Math.Max(FirstBase, StateCodec.ReadNumber(payload));
                break;
            case RecordKind.Replay:
                if (_consumers.TryGetValue(ReplayTarget.Read(payload), out var target))
                {
                    target.Outstanding.Add(offset);
                }

                break;
            case RecordKind.Lost:
                throw new InvalidDataException("what stood there is lost, and no snapshot follows: a repair was stopped before its end");
            default:
                throw new InvalidDataException($"a record of kind {kind}");
        }
    }

    private void ApplyEvent(long offset, ReadOnlySpan<byte> payload)
    {
        var head = EventCodec.DecodeHead(payload);
        DuplicateUntil = Math.Max(DuplicateUntil, head.DuplicateUntil);
        if (head.DuplicateUntil > now && head.Id is { } id)
        {
            Duplicates.Add(DuplicateTable.Digest(head.PubSub, head.Topic, head.Source, id), head.DuplicateUntil, offset);
        }

        Find(head.PubSub, head.Topic).Total++;
        if (head.DeadLetterOf is not { } dead)
        {
            return;
        }

        foreach (var consumer in _consumers.Values)
        {
            if (consumer.Name == dead.Consumer && consumer.Topic == dead.Topic && consumer.PubSub == head.PubSub)
            {
                consumer.Bury(dead.Offset);
            }
        }
    }

    private void ApplySnapshot(BrokerSnapshot snapshot)
    {
        (FirstBase, NextConsumer, Segments) = (snapshot.FirstBase, snapshot.NextConsumer, snapshot.Segments);
        foreach (var topic in snapshot.Topics)
        {
            Topics[(topic.PubSub, topic.Name)] = topic;
        }

        foreach (var consumer in snapshot.Consumers)
        {
            _consumers[consumer.Id] = consumer;
        }
    }

    private void ApplyConsumer(long offset, ConsumerState told)
    {
        NextConsumer = Math.Max(NextConsumer, told.Id + 1);
        if (_consumers.TryGetValue(told.Id, out var known))
        {
            known.Identity = told.Identity;
            return;
        }

        if (told.Cursor < 0)
        {
            (told.Cursor, told.Count) = (offset, Find(told.PubSub, told.Topic).Total);
        }

        _consumers[told.Id] = told;
    }

    private Topic Find(string pubSub, string name)
    {
        if (!Topics.TryGetValue((pubSub, name), out var topic))
        {
            Topics[(pubSub, name)] = topic = new Topic(pubSub, name);
        }

        return topic;
    }
}

using System.Collections.Concurrent;
using HmsMesh.Broker.Consumers;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.State;
using HmsMesh.Broker.Writing;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker;

/// <summary>What the rooms of one broker share: its log, its topics, its consumers.</summary>
internal sealed class BrokerCore : IDisposable
{
    /// <summary>Topics stay in memory and in every snapshot, so that a publisher may not make them without end.</summary>
    public const int MaxTopics = 1 << 16;
    private readonly ConcurrentDictionary<(string PubSub, string Name), Topic> _topics;
    private readonly AcknowledgedFile _acknowledged;
    private int _nextConsumer;
    private long _duplicatesSeen;
    private volatile bool _holding;
    private volatile bool _closing;

    public BrokerCore(BrokerOptions options, string folder, RecoveredLog recovered, ILogger logger)
    {
        (Options, Folder, Logger) = (options, folder, logger);
        (Files, Duplicates, _acknowledged) = (recovered.Files, recovered.Duplicates, recovered.Acknowledged);
        Queue = new WriteQueue(options.Time);
        SegmentSize = (int)Math.Min(options.SegmentSize, Math.Max(options.MaxSize / 4, 256 << 10));
        _topics = new(recovered.Fold.Topics);
        _nextConsumer = recovered.Fold.NextConsumer;
        foreach (var state in recovered.Fold.Consumers)
        {
            AddGroup(state);
        }
    }

    public BrokerOptions Options { get; }

    public string Folder { get; }

    public int SegmentSize { get; }

    public ILogger Logger { get; }

    public LogFiles Files { get; }

    public DuplicateTable Duplicates { get; }

    /// <summary>Counted by the writer alone.</summary>
    public ref long DuplicatesSeen => ref _duplicatesSeen;

    public WriteQueue Queue { get; }

    public ConcurrentDictionary<(string PubSub, string Topic, string Consumer), ConsumerGroup> Groups { get; } = new();

    /// <summary>While it holds, nothing is given out.</summary>
    public bool Holding => _holding;

    /// <summary>Whether its files are being closed, or are.</summary>
    public bool Closing => _closing;

    /// <summary>Now, in UTC ticks.</summary>
    public long Now => Options.Time.GetUtcNow().UtcTicks;

    /// <summary>The largest payload record: two must fit in a segment.</summary>
    public int MaxPayload => Math.Min(16 << 20, (SegmentSize / 2) - RecordFormat.HeaderSize);

    /// <summary>Gives nothing out until it is released.</summary>
    public void Hold() => _holding = true;

    public void Release()
    {
        _holding = false;
        foreach (var group in Groups.Values)
        {
            group.Signal();
        }
    }

    public Topic Topic(string pubSub, string name) => _topics.GetOrAdd((pubSub, name), static key => new Topic(key.PubSub, key.Name));

    /// <summary>Whether the topic is known, or one more may be made.</summary>
    public bool MayHave(string pubSub, string name) => _topics.ContainsKey((pubSub, name)) || _topics.Count < MaxTopics;

    public int TakeConsumerId() => _nextConsumer++;

    public ConsumerGroup AddGroup(ConsumerState state)
    {
        var topic = Topic(state.PubSub, state.Topic);
        var group = new ConsumerGroup(this, topic, state);
        Groups[(state.PubSub, state.Topic, state.Name)] = group;
        topic.Add(group);
        return group;
    }

    public void RemoveGroup(ConsumerGroup group)
    {
        Groups.TryRemove((group.Topic.PubSub, group.Topic.Name, group.Name), out _);
        group.Topic.Remove(group);
    }

    /// <summary>The whole state, with each consumer's progress; the next progress counts from here.</summary>
    public BrokerSnapshot TakeSnapshot(long firstBase, IReadOnlyList<SegmentInfo> segments) => new(
        firstBase, _nextConsumer, segments, [.. _topics.Values.Where(static one => one.Total > 0)], [.. Groups.Values.Select(static one => one.TakeState())]);

    /// <summary>Before the first event that is kept: the offset, and how many the topic had by then.</summary>
    public (long Cursor, long Count) Earliest(string pubSub, string topic)
    {
        using var walk = new SegmentWalk(Files.Segments[0]);
        var isThere = walk.TryNext(out var header, out var payload);
        var total = isThere && header.Kind == RecordKind.Lost ? Topic(pubSub, topic).Total - CountKept(pubSub, topic)
            : isThere && header.Kind == RecordKind.Snapshot ? StateCodec.ReadSnapshot(payload.Span).Topics.FirstOrDefault(one => one.PubSub == pubSub && one.Name == topic)?.Total ?? 0
            : throw new BrokerDamagedException(Files.Segments[0].Path, walk.Position, "its snapshot can't be read");
        return (Files.Segments[0].Base - 1, total);
    }

    /// <summary>How many events of a topic there are, counted one by one: after a repair that lost the first snapshot.</summary>
    private long CountKept(string pubSub, string topic)
    {
        var key = EventCodec.TopicKey(pubSub, topic);
        var count = 0L;
        foreach (var segment in Files.Segments)
        {
            using var walk = new SegmentWalk(segment);
            while (walk.Next < Math.Min(segment.EndOffset, Files.Head) && walk.TryNext(out var header, out var payload))
            {
                count += header.Kind == RecordKind.Event && payload.Span.StartsWith(key) ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>Remembers what is told to publishers next. The log itself is safe already, so a failure here stops nobody.</summary>
    public void Acknowledge(long head)
    {
        try
        {
            _acknowledged.Write(head);
        }
        catch (IOException e)
        {
            BrokerLog.SideFileFailed(Logger, e, _acknowledged.Path);
        }
    }

    public void SyncAcknowledged()
    {
        try
        {
            _acknowledged.Sync();
        }
        catch (IOException e)
        {
            BrokerLog.SideFileFailed(Logger, e, _acknowledged.Path);
        }
    }

    public void Dispose()
    {
        _closing = true;
        foreach (var group in Groups.Values)
        {
            group.Dispose();
        }

        Queue.Dispose();
        _acknowledged.Dispose();
        Files.Dispose();
    }
}

using HmsMesh.Broker.Log;
using HmsMesh.Broker.Native;
using HmsMesh.Broker.Repair;
using HmsMesh.Broker.Sharing;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker;

/// <summary>
/// A look into a broker's folder from outside: it changes nothing, takes no lock, and works whether a broker runs on the folder or
/// not. Of a running one it sees what a sync covers. Files that retention deletes meanwhile stay readable to who has them open.
/// </summary>
public sealed class LogView : IDisposable
{
    /// <summary>An event's time is taken before it waits for its place in the log, and clocks are set: so much earlier is looked, too.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);
    private readonly LogFiles _files;
    private readonly LogReader _reader;
    private BrokerFold? _fold;

    private LogView(string folder, LogFiles files) => (Folder, _files, _reader) = (folder, files, new LogReader(files));

    public string Folder { get; }

    /// <summary>The first offset that is kept.</summary>
    public long First => _files.Segments[0].Base;

    /// <summary>The offset that the next record will get.</summary>
    public long Head => _files.Head;

    /// <summary>What the log takes on disk.</summary>
    public long Bytes => _files.Segments.Sum(static one => RandomAccess.GetLength(one.Handle));

    internal IReadOnlyList<Segment> Segments => _files.Segments;

    /// <summary>Opens the folder to look at it. Throws <see cref="BrokerException"/> where there is no log, or one that is damaged
    /// or half mended.</summary>
    public static LogView Open(string folder)
    {
        var full = Path.GetFullPath(folder);
        var tries = 5;
        while (true)
        {
            RepairMark.Refuse(full);
            var files = new LogFiles();
            try
            {
                // Read first: whatever it tells of is in the files that are listed then.
                var acknowledged = AcknowledgedFile.Peek(Path.Combine(full, "acknowledged")) ?? 0;
                if (!AddSegments(full, files))
                {
                    throw new BrokerException($"There is no broker in {full}.");
                }

                var view = new LogView(full, files);
                view.FindHead(acknowledged);
                RepairMark.Refuse(full);
                return view;
            }
            catch (FileNotFoundException) when (tries-- > 0)
            {
                // Retention deleted it between the listing and the opening.
                files.Dispose();
            }
            catch
            {
                files.Dispose();
                throw;
            }
        }
    }

    /// <summary>Sees what was written since. Throws <see cref="BrokerDamagedException"/> where a repair has begun meanwhile.</summary>
    public void Refresh()
    {
        RepairMark.Refuse(Folder);
        _fold = null;
        var acknowledged = Acknowledged ?? 0;
        AddSegments(Folder, _files);
        if (Synced(acknowledged) is var head && head > Head)
        {
            _files.MoveHead(head);
        }
    }

    /// <summary>The events of a topic (null: of all) in log order, from an offset up to the head.</summary>
    public IEnumerable<StoredEvent> Read(long from, string? topic, CancellationToken cancellationToken)
    {
        for (var offset = Math.Max(from, First); _reader.TryRead(offset, out var record); offset++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (record.Kind == RecordKind.Event && (topic is null || EventCodec.DecodeHead(record.Payload.Span).Topic == topic))
            {
                yield return record.Event(null);
            }
        }
    }

    /// <summary>Where to begin to read for what happened at or after a time: the first offset of the segment that was in use then.</summary>
    public long OffsetAt(DateTimeOffset time)
    {
        var at = (time - DateTimeOffset.MinValue > Slack ? time - Slack : DateTimeOffset.MinValue).UtcTicks;
        return (_files.Segments.LastOrDefault(one => one.Created <= at) ?? _files.Segments[0]).Base;
    }

    /// <summary>The first offset of the segments that were begun after a time: nothing from there on happened before it.</summary>
    public long OffsetAfter(DateTimeOffset time)
    {
        var at = (DateTimeOffset.MaxValue - time > Slack ? time + Slack : DateTimeOffset.MaxValue).UtcTicks;
        return _files.Segments.FirstOrDefault(one => one.Created > at)?.Base ?? Head;
    }

    /// <summary>Every topic that the log holds events of. Reads the whole log.</summary>
    public IReadOnlyList<TopicStatus> Topics(CancellationToken cancellationToken)
    {
        var topics = new Dictionary<(string PubSub, string Topic), TopicStatus>();
        for (var offset = First; _reader.TryRead(offset, out var record); offset++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (record.Kind != RecordKind.Event)
            {
                continue;
            }

            var head = EventCodec.DecodeHead(record.Payload.Span);
            var time = new DateTimeOffset(head.Time, TimeSpan.Zero);
            var known = topics.GetValueOrDefault((head.PubSub, head.Topic)) ?? new TopicStatus(head.PubSub, head.Topic, 0, 0, time, time);
            topics[(head.PubSub, head.Topic)] = known with
            {
                Events = known.Events + 1,
                Bytes = known.Bytes + RecordFormat.Size(record.Payload.Length),
                Oldest = time < known.Oldest ? time : known.Oldest,
                Newest = time > known.Newest ? time : known.Newest,
            };
        }

        return [.. topics.Values.OrderBy(static one => one.PubSub, StringComparer.Ordinal).ThenBy(static one => one.Topic, StringComparer.Ordinal)];
    }

    /// <summary>How far each consumer is by what the log tells. Who is attached, only the broker itself knows.</summary>
    public IReadOnlyList<SubscriberStatus> Subscribers()
    {
        var fold = Fold();
        return [.. fold.Consumers.Select(one => new SubscriberStatus(
            one.PubSub,
            one.Topic,
            one.Name,
            one.Outstanding.Count > 0 ? Math.Min(one.Cursor, one.Outstanding.Min - 1) : one.Cursor,
            (fold.Topics.GetValueOrDefault((one.PubSub, one.Topic))?.Total ?? 0) - one.Count + one.Outstanding.Count,
            InFlight: 0,
            one.Retries.Count,
            one.Dead,
            Attached: false))];
    }

    public void Dispose()
    {
        _reader.Dispose();
        _files.Dispose();
    }

    /// <summary>Any record, for those who know their kinds; false where it is not there yet.</summary>
    internal bool TryRead(long offset, out LogRecord record) => _reader.TryRead(offset, out record);

    internal BrokerFold Fold()
    {
        if (_fold is not null)
        {
            return _fold;
        }

        var fold = new BrokerFold();
        using var walk = new SegmentWalk(_files.Active);
        while (walk.Next < Head && walk.TryNext(out var header, out var payload))
        {
            fold.Apply(_files.Active, header, payload, walk.Position);
        }

        return _fold = walk.Next < Head
            ? throw new BrokerDamagedException(_files.Active.Path, walk.Position, $"record {walk.Next} is not there or not as it was written")
            : fold;
    }

    private static bool AddSegments(string folder, LogFiles files)
    {
        var known = files.Segments.Select(static one => Path.GetFileName(one.Path)).ToHashSet(StringComparer.Ordinal);
        var paths = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.log").Order(StringComparer.Ordinal) : Enumerable.Empty<string>();
        foreach (var path in paths.Where(path => !known.Contains(Path.GetFileName(path))))
        {
            var segment = Segment.OpenToRead(path);
            if (files.Segments.Count > 0)
            {
                files.Active.EndOffset = segment.Base;
            }

            files.Add(segment);
        }

        return files.Segments.Count > 0;
    }

    /// <summary>A segment is there under its name with its snapshot, which is synced before that and acknowledged after.</summary>
    private long Synced(long acknowledged) => Math.Max(acknowledged, _files.Active.Base + 1);

    private long? Acknowledged => AcknowledgedFile.Peek(Path.Combine(Folder, "acknowledged"));

    private void FindHead(long acknowledged)
    {
        using var walk = new SegmentWalk(_files.Active);
        while (walk.TryNext(out _, out _))
        {
            // To its end.
        }

        if (walk.Next < acknowledged)
        {
            throw new BrokerDamagedException(
                _files.Active.Path, walk.Position, $"record {walk.Next} is not there or not as it was written, but records up to {acknowledged - 1} were acknowledged");
        }

        // What lies behind what was acknowledged is being written, where somebody writes, and will be kept, where nobody does.
        var isUnderWay = Acknowledged is { } now && now < walk.Next && ProcessLock.IsHeld(BrokerFolder.Lock(Folder));
        _files.MoveHead(isUnderWay ? Synced(Acknowledged ?? 0) : walk.Next);
    }
}

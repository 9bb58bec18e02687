using System.Globalization;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.Native;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Repair;

/// <summary>
/// Reads a whole log, past its damage, and changes nothing. The state is folded as far as it can be trusted: a progress record tells
/// what changed since the one before, so that behind a gap none counts until the next snapshot. What consumers did meanwhile is
/// delivered to them again; nothing is skipped.
/// </summary>
internal sealed class LogSurvey : IDisposable
{
    /// <summary>More than a log can lack between two files: such a file is not of this log.</summary>
    private const long MostLost = 100_000_000;
    private readonly List<LogDamage> _damages = [];
    private readonly Dictionary<(string PubSub, string Topic), long> _kept = [];
    private readonly HashSet<int> _unknown = [];
    private Dictionary<(string PubSub, string Topic), long> _before = [];
    private BrokerFold _fold = new();
    private bool _frozen;
    private bool _anchored;
    private long _records;

    private LogSurvey(string folder) => Folder = folder;

    public string Folder { get; }

    public List<SurveyedSegment> Segments { get; } = [];

    public long Head { get; private set; } = 1;

    public int NextConsumer { get; private set; } = 1;

    public IReadOnlyCollection<Topic> Topics { get; private set; } = [];

    public IReadOnlyCollection<ConsumerState> Consumers => _fold.Consumers;

    public static LogSurvey Make(string folder, CancellationToken cancellationToken)
    {
        var survey = new LogSurvey(folder);
        try
        {
            survey.Scan(cancellationToken);
            survey.FoldAll(cancellationToken);
            if (survey.LeaveOutOld())
            {
                survey.FoldAll(cancellationToken);
            }

            survey.FindMissingFiles();
            survey.Settle(cancellationToken);
            return survey;
        }
        catch
        {
            survey.Dispose();
            throw;
        }
    }

    public RepairReport Report()
    {
        var topics = Topics.Select(one => new RepairTopic(
            one.PubSub, one.Name, _kept.GetValueOrDefault((one.PubSub, one.Name)),
            Math.Max(0, (_fold.Topics.GetValueOrDefault((one.PubSub, one.Name))?.Total ?? 0) - one.Total)));
        var totals = Topics.ToDictionary(static one => (one.PubSub, one.Name), static one => one.Total);
        var subscribers = Consumers.Select(one => new SubscriberStatus(
            one.PubSub, one.Topic, one.Name, one.Outstanding.Count > 0 ? Math.Min(one.Cursor, one.Outstanding.Min - 1) : one.Cursor,
            totals.GetValueOrDefault((one.PubSub, one.Topic)) - one.Count + one.Outstanding.Count, 0, one.Retries.Count, one.Dead, false));
        return new RepairReport(
            Folder, _damages, Head, _records, _damages.Sum(static one => one.Until - one.From), [.. topics], [.. subscribers], _unknown.Count);
    }

    public void Dispose() => Segments.ForEach(static one => one.Dispose());

    private void Scan(CancellationToken cancellationToken)
    {
        var side = Path.Combine(Folder, "acknowledged");
        var acknowledged = AcknowledgedFile.Peek(side);
        var paths = Directory.GetFiles(Folder, "*.log").Order(StringComparer.Ordinal).ToList();
        if (acknowledged is null && (paths.Count > 0 || File.Exists(side)))
        {
            _damages.Add(new LogDamage(side, 0, "it is missing, or neither of its two slots can be read: what was acknowledged is unknown", 0, 0));
        }

        foreach (var path in paths)
        {
            if (!long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var first) || first < 1)
            {
                throw new BrokerException($"{path} is no segment of a log; move it away.");
            }

            var surveyed = new SurveyedSegment(path, first);
            Segments.Add(surveyed);
            ReadHeader(surveyed);
        }

        for (var i = 0; i < Segments.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SegmentScan.Run(Segments[i], i + 1 < Segments.Count ? Segments[i + 1].Base : long.MaxValue, acknowledged ?? 0, _damages);
        }

        Head = Math.Max(Segments.Count > 0 ? Segments[^1].EndOffset : 1, acknowledged ?? 1);
        if (Segments.Count == 0 && Head > 1)
        {
            _damages.Add(new LogDamage(Path.Combine(Folder, Segment.FileName(1)), 0, "there is no log", 1, Head));
        }

        if (_damages.FirstOrDefault(static one => one.Until - one.From > MostLost) is { } huge)
        {
            throw new BrokerException($"{huge.File}: {huge.What}; so many records can't be lost. Is a file of another log in {Folder}?");
        }
    }

    private void ReadHeader(SurveyedSegment surveyed)
    {
        try
        {
            using var good = Segment.OpenToRead(surveyed.Segment.Path);
            surveyed.Created = good.Created;
        }
        catch (BrokerDamagedException)
        {
            surveyed.IsDamaged = true;
            _damages.Add(new LogDamage(surveyed.Segment.Path, 0, "its header is not one of this log", surveyed.Base, surveyed.Base));
        }
    }

    /// <summary>Every good record, in order, and before what is lost a record of that kind.</summary>
    private IEnumerable<(long Offset, RecordKind Kind, ReadOnlyMemory<byte> Payload, SurveyedSegment Segment)> Records(CancellationToken cancellationToken)
    {
        foreach (var segment in Segments)
        {
            using var walk = new SegmentWalk(segment.Segment);
            var next = segment.Base;
            foreach (var run in segment.Runs)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (run.From > next)
                {
                    yield return (next, RecordKind.Lost, default, segment);
                }

                walk.GoTo(run.From, run.Position);
                for (var offset = run.From; offset < run.Until && walk.TryNext(out var header, out var payload); offset++)
                {
                    yield return (offset, header.Kind, payload, segment);
                }

                next = run.Until;
            }

            if (next < segment.EndOffset)
            {
                yield return (next, RecordKind.Lost, default, segment);
            }
        }
    }

    private void FoldAll(CancellationToken cancellationToken)
    {
        (_fold, _frozen, _anchored, _records) = (new BrokerFold(), false, false, 0);
        _kept.Clear();
        _unknown.Clear();
        foreach (var (offset, kind, payload, segment) in Records(cancellationToken))
        {
            try
            {
                Take(offset, kind, payload.Span, segment);
            }
            catch (InvalidDataException e)
            {
                throw new BrokerException($"{segment.Segment.Path}: record {offset} is whole but can't be understood ({e.Message}); a newer mesh wrote it. Nothing was changed.", e);
            }
        }
    }

    private void Take(long offset, RecordKind kind, ReadOnlySpan<byte> payload, SurveyedSegment segment)
    {
        _records += kind == RecordKind.Lost ? 0 : 1;
        switch (kind)
        {
            case RecordKind.Lost:
                // The first record of a log that begins is a snapshot of nothing.
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

    /// <summary>Retention had let go of what is before the first base when its process died: it does not count.</summary>
    private bool LeaveOutOld()
    {
        var old = Segments.Where(one => one.Base < _fold.FirstBase && one != Segments[^1]).ToList();
        foreach (var one in old)
        {
            Segments.Remove(one);
            _damages.RemoveAll(damage => damage.File == one.Segment.Path);
            one.Dispose();
        }

        return old.Count > 0;
    }

    /// <summary>Which files should be there, the newest snapshot tells.</summary>
    private void FindMissingFiles()
    {
        foreach (var info in _fold.Segments.Where(one => one.Base >= _fold.FirstBase && Segments.All(known => known.Base != one.Base)))
        {
            // What was found as a gap behind the file before is this one.
            if (_damages.Find(one => one.From <= info.Base && info.Base < one.Until) is { } gap)
            {
                _damages.Remove(gap);
                AddGap(gap, gap.From, info.Base);
                AddGap(gap, info.EndOffset, gap.Until);
            }

            _damages.Add(new LogDamage(Path.Combine(Folder, Segment.FileName(info.Base)), 0, "the file is missing", info.Base, info.EndOffset));
        }
    }

    private void AddGap(LogDamage gap, long from, long until)
    {
        if (from < until)
        {
            _damages.Add(gap with { From = from, Until = until });
        }
    }

    /// <summary>Counts anew: how many events each topic has, and how many of them each consumer has read.</summary>
    private void Settle(CancellationToken cancellationToken)
    {
        Topics = [.. _kept.Keys.Union(_before.Keys).Select(one =>
            new Topic(one.PubSub, one.Topic) { Total = _before.GetValueOrDefault(one) + _kept.GetValueOrDefault(one) })];
        var totals = Topics.ToDictionary(static one => (one.PubSub, one.Name), static one => one.Total);
        var first = Segments.Count > 0 ? Segments[0].Base : Head;
        foreach (var consumer in Consumers)
        {
            consumer.Count = totals.GetValueOrDefault((consumer.PubSub, consumer.Topic));
            foreach (var lost in consumer.Outstanding.Where(offset => offset < first || _damages.Any(one => one.From <= offset && offset < one.Until)).ToList())
            {
                consumer.Outstanding.Remove(lost);
                consumer.Retries.Remove(lost);
            }
        }

        var byTopic = Consumers.ToLookup(static one => (one.PubSub, one.Topic));
        foreach (var (offset, kind, payload, _) in Records(cancellationToken))
        {
            if (kind != RecordKind.Event)
            {
                continue;
            }

            var head = EventCodec.DecodeHead(payload.Span);
            foreach (var consumer in byTopic[(head.PubSub, head.Topic)].Where(one => offset > one.Cursor))
            {
                consumer.Count--;
            }
        }
    }
}

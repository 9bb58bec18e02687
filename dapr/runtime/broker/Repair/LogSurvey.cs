using System.Globalization;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.Native;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Repair;

/// <summary>Reads a whole log, past its damage, and changes nothing: which files should be there, what in them is good, and what is known of
/// topics and consumers by that.</summary>
internal sealed class LogSurvey : IDisposable
{
    /// <summary>More than a log can lack between two files: such a file is not of this log.</summary>
    private const long MostLost = 100_000_000;
    private readonly List<LogDamage> _damages = [];
    private SurveyFold _fold = new(1);

    private LogSurvey(string folder) => Folder = folder;

    public string Folder { get; }

    public List<SurveyedSegment> Segments { get; } = [];

    public long Head { get; private set; } = 1;

    public int NextConsumer => _fold.NextConsumer;

    public IReadOnlyCollection<Topic> Topics => _fold.Topics;

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
            survey.FindHalfRepair();
            survey.Settle(cancellationToken);
            return survey;
        }
        catch
        {
            survey.Dispose();
            throw;
        }
    }

    public RepairReport Report() => new(
        Folder, _damages, Head, _fold.Records, _damages.Sum(static one => one.Until - one.From), _fold.ReportTopics(), _fold.ReportSubscribers(), _fold.Unknown);

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
        _fold = new SurveyFold(_fold.NextConsumer);
        foreach (var (offset, kind, payload, segment) in Records(cancellationToken))
        {
            try
            {
                _fold.Take(offset, kind, payload.Span, segment);
            }
            catch (InvalidDataException e)
            {
                throw new BrokerException($"{segment.Segment.Path}: record {offset} is whole but can't be understood ({e.Message}); a newer mesh wrote it. Nothing was changed.", e);
            }
        }
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

    /// <summary>A repair that was killed has put lost records in place, and not yet the snapshot that goes with them: nothing more is lost,
    /// but the newest snapshot is of what was before. One of an older mesh has left no mark.</summary>
    private void FindHalfRepair()
    {
        if (RepairMark.IsThere(Folder))
        {
            _damages.Add(new LogDamage(RepairMark.Path(Folder), 0, RepairMark.What, Head, Head));
        }

        foreach (var one in Segments.Where(one => _damages.All(damage => damage.File != one.Segment.Path)))
        {
            var length = RandomAccess.GetLength(one.Segment.Handle);
            var isShorter = _fold.Segments.Any(info => info.Base == one.Base && info.EndPosition > length);
            if (isShorter || (one == Segments[^1] && _fold.LostIn == one))
            {
                _damages.Add(new LogDamage(one.Segment.Path, length, RepairMark.What, one.EndOffset, one.EndOffset));
            }
        }
    }

    private void AddGap(LogDamage gap, long from, long until)
    {
        if (from < until)
        {
            _damages.Add(gap with { From = from, Until = until });
        }
    }

    private void Settle(CancellationToken cancellationToken)
    {
        _fold.Settle(offset => offset < (Segments.Count > 0 ? Segments[0].Base : Head) || _damages.Any(one => one.From <= offset && offset < one.Until));
        foreach (var (offset, kind, payload, _) in Records(cancellationToken))
        {
            if (kind == RecordKind.Event)
            {
                var head = EventCodec.DecodeHead(payload.Span);
                _fold.Recount(offset, head.PubSub, head.Topic);
            }
            else if (kind == RecordKind.Lost)
            {
                _fold.LeaveOut(offset);
            }
        }
    }
}

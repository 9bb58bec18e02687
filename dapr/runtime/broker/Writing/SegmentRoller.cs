using HmsMesh.Broker.Log;
using HmsMesh.Broker.Native;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Writing;

/// <summary>The segment in use, and the way to the next one: snapshot, retention, size limit. Only the writer's thread uses it.</summary>
internal sealed class SegmentRoller(BrokerCore core)
{
    private const long SnapshotEvery = 16 << 20;
    private ActiveSegment? _active;
    private long _begins;
    private long _limit;
    private bool _abandoned;

    public ActiveSegment Active => _active ?? throw new InvalidOperationException("The log has no segment.");

    /// <summary>Goes on in the newest segment, or makes the first one. Called before the writer starts.</summary>
    public void Open()
    {
        if (core.Files.Segments.Count > 0)
        {
            _active = new ActiveSegment(core.Files.Active);
            _limit = core.SegmentSize;
        }
        else if (!TryRoll(core.Files.Head, isEvent: false, out _, out var problem))
        {
            throw new BrokerException(problem);
        }
    }

    /// <summary>Nothing more is written to this segment: what its last sync failed to cover may or may not be there.</summary>
    public void Abandon() => _abandoned = true;

    /// <summary>Whether a snapshot is due, though there is room: whoever takes over reads all that comes after one.</summary>
    public bool IsLong => !_abandoned && Active.Position - _begins > SnapshotEvery;

    /// <summary>No segment could be made: this one goes on.</summary>
    public void Postpone() => _begins = Active.Position;

    public bool Fits(int size, bool isEvent) =>
        !_abandoned && Active.Position + size <= (isEvent ? _limit : _limit + ActiveSegment.Reserve);

    /// <summary>Throws <see cref="IOException"/> where the disk has no room.</summary>
    public void Fill(int size, bool isEvent) =>
        Active.EnsureFilled(Active.Position + size + (isEvent ? ActiveSegment.Reserve : 0), _limit + ActiveSegment.Reserve);

    /// <summary>Begins a segment at <paramref name="next"/>, which its snapshot takes.</summary>
    public bool TryRoll(long next, bool isEvent, out PublishStatus status, out string problem)
    {
        (status, problem) = (PublishStatus.Failed, "");
        var gone = Retention.Choose(core, bySize: true);
        var first = gone.Count == core.Files.Segments.Count ? next : core.Files.Segments[gone.Count].Base;
        if (isEvent && Retention.Size(core) - gone.Sum(static one => one.EndPosition) + core.SegmentSize > core.Options.MaxSize)
        {
            (status, problem) = (PublishStatus.Full, Retention.WhoLags(core));
            return false;
        }

        try
        {
            if (_abandoned)
            {
                ReadBack(next);
            }

            var snapshot = StateCodec.Snapshot(core.TakeSnapshot(first, Listed(gone, next)));
            Use(ActiveSegment.Create(core.Folder, next, snapshot, core.Now), next, gone);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The snapshot took the consumers' progress with it, so nothing can be written before one is.
            _abandoned = true;
            BrokerLog.RollFailed(core.Logger, e, core.Folder);
            status = e.HResult == Posix.NoSpace ? PublishStatus.DiskFull : PublishStatus.Failed;
            problem = status == PublishStatus.DiskFull ? $"The disk of {core.Folder} is full." : $"A new segment in {core.Folder} failed: {e.Message}";
            return false;
        }
    }

    private void Use(ActiveSegment fresh, long next, IReadOnlyCollection<Segment> gone)
    {
        if (_active is { Segment: var closed })
        {
            (closed.EndOffset, closed.Closed) = (next, core.Now);
            WriteIndex(closed);
        }

        _active = fresh;
        _begins = fresh.Position;
        _abandoned = false;
        _limit = Math.Max(core.SegmentSize, fresh.Position + (core.SegmentSize / 2));
        core.Files.Add(fresh.Segment);
        core.Files.Tail.Add(new CachedRecord(next, RecordKind.Snapshot, [], default));
        core.Acknowledge(next + 1);
        core.Files.MoveHead(next + 1);
        core.SyncAcknowledged();
        Retention.Delete(core, gone);
        foreach (var group in core.Groups.Values)
        {
            group.Written(group.Told);
        }
    }

    private void WriteIndex(Segment closed)
    {
        var index = core.Duplicates.Close(core.Now);
        if (index.Count == 0)
        {
            return;
        }

        try
        {
            index.Write(closed.Path);
        }
        catch (IOException e)
        {
            BrokerLog.SideFileFailed(core.Logger, e, DuplicateIndex.FileName(closed.Path));
        }
    }

    private List<SegmentInfo> Listed(IReadOnlyCollection<Segment> gone, long next) =>
        [.. core.Files.Segments.Where(one => !gone.Contains(one)).Select(one => one == _active?.Segment
            ? new SegmentInfo(one.Base, next, one.EndPosition, core.Now, one.DuplicateUntil)
            : new SegmentInfo(one.Base, one.EndOffset, one.EndPosition, one.Closed, one.DuplicateUntil))];

    /// <summary>After a failed sync: is what was acknowledged from this segment still readable? Nothing hides it where it is not.</summary>
    private void ReadBack(long next)
    {
        if (_active is not { Segment: var segment })
        {
            return;
        }

        using var walk = new SegmentWalk(segment);
        var good = true;
        while (good && walk.Next < next)
        {
            good = walk.TryNext(out _, out _);
        }

        if (!good)
        {
            BrokerLog.Damaged(core.Logger, segment.Path, walk.Position, $"record {walk.Next} can't be read back after a failed sync");
        }
    }
}

using HmsMesh.Broker.Native;
using HmsMesh.Broker.Repair;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Log;

/// <summary>Opens a log: the newest segment begins with a snapshot and is walked to its end. A torn end that nobody was told of
/// is cut; whatever else is not as it was written is damage and refused.</summary>
internal static class LogRecovery
{
    public static RecoveredLog Open(string folder, DateTimeOffset now)
    {
        foreach (var unfinished in Directory.EnumerateFiles(folder, "*.tmp"))
        {
            Disk.Delete(unfinished);
        }

        RepairMark.Refuse(folder);
        var paths = Directory.GetFiles(folder, "*.log").Order(StringComparer.Ordinal).ToArray();
        var side = Path.Combine(folder, "acknowledged");
        if (paths.Length == 0)
        {
            return OpenNew(folder, side, now);
        }

        if (!File.Exists(side))
        {
            throw new BrokerDamagedException(side, 0, "it is missing, so what was acknowledged is unknown");
        }

        var acknowledged = AcknowledgedFile.Open(side);
        var files = new LogFiles();
        try
        {
            return Walk(paths, files, acknowledged, now);
        }
        catch
        {
            files.Dispose();
            acknowledged.Dispose();
            throw;
        }
    }

    private static RecoveredLog OpenNew(string folder, string side, DateTimeOffset now)
    {
        if (File.Exists(side))
        {
            using var known = AcknowledgedFile.Open(side);
            if (known.Head > 1)
            {
                throw new BrokerDamagedException(
                    Path.Combine(folder, Segment.FileName(1)), 0, $"there is no log, but records up to {known.Head - 1} were acknowledged");
            }
        }

        var acknowledged = AcknowledgedFile.Create(side, 1);
        Disk.SyncDirectory(folder);
        return new RecoveredLog(new LogFiles(), acknowledged, new BrokerFold(now.UtcTicks), new DuplicateTable(), 0);
    }

    private static RecoveredLog Walk(string[] paths, LogFiles files, AcknowledgedFile acknowledged, DateTimeOffset now)
    {
        var fold = new BrokerFold(now.UtcTicks);
        var last = Segment.Open(paths[^1]);
        files.Add(last);
        using var walk = new SegmentWalk(last);
        while (walk.TryNext(out var header, out var payload))
        {
            fold.Apply(last, header, payload, walk.Position);
        }

        if (walk.Next == last.Base)
        {
            throw new BrokerDamagedException(last.Path, walk.Position, "its snapshot can't be read");
        }

        if (walk.Next < acknowledged.Head)
        {
            throw new BrokerDamagedException(
                last.Path, walk.Position, $"record {walk.Next} is not there or not as it was written, but records up to {acknowledged.Head - 1} were acknowledged");
        }

        var cut = walk.HasTornEnd() ? CutEnd(last, walk.Position) : 0;

        // A record that was written but not synced when its process died is kept, so it must not be lost later.
        Disk.SyncData(last.Handle, last.Path);
        (last.EndPosition, last.DuplicateUntil) = (walk.Position, fold.DuplicateUntil);
        OpenOlder(paths[..^1], fold, last, files);
        ReadDuplicates(fold.Duplicates, files.Segments, now);
        foreach (var topic in fold.Topics.Values)
        {
            topic.CoverAfter(walk.Next - 1);
        }

        files.MoveHead(walk.Next);
        acknowledged.Write(walk.Next);
        return new RecoveredLog(files, acknowledged, fold, fold.Duplicates, cut);
    }

    private static long CutEnd(Segment segment, long position)
    {
        var length = RandomAccess.GetLength(segment.Handle);
        Disk.SetLength(segment.Handle, position);
        Disk.SyncData(segment.Handle, segment.Path);
        return length - position;
    }

    private static void OpenOlder(string[] paths, BrokerFold fold, Segment last, LogFiles files)
    {
        var byBase = paths.ToDictionary(static path => Path.GetFileName(path), StringComparer.Ordinal);
        foreach (var info in fold.Segments.Where(one => one.Base >= fold.FirstBase))
        {
            var name = Segment.FileName(info.Base);
            if (!byBase.Remove(name, out var path))
            {
                throw new BrokerDamagedException(Path.Combine(Path.GetDirectoryName(last.Path)!, name), 0, "the file is missing");
            }

            var segment = Segment.Open(path);
            files.AddOlder(segment);
            var length = RandomAccess.GetLength(segment.Handle);
            if (length < info.EndPosition)
            {
                throw new BrokerDamagedException(path, length, $"the file ends there, but its records ended at byte {info.EndPosition}");
            }

            (segment.EndOffset, segment.EndPosition) = (info.EndOffset, info.EndPosition);
            (segment.Closed, segment.DuplicateUntil) = (info.Closed, info.DuplicateUntil);
        }

        foreach (var (name, path) in byBase)
        {
            if (string.CompareOrdinal(name, Segment.FileName(fold.FirstBase)) >= 0)
            {
                throw new BrokerDamagedException(path, 0, "no snapshot knows this file");
            }

            // Retention had let go of it when the process died.
            Disk.Delete(path);
            Disk.Delete(DuplicateIndex.FileName(path));
        }
    }

    /// <summary>The digests of the newest segment were gathered as it was walked; those of older ones lie beside them.</summary>
    private static void ReadDuplicates(DuplicateTable table, IReadOnlyList<Segment> segments, DateTimeOffset now)
    {
        foreach (var segment in segments.SkipLast(1).Where(one => one.DuplicateUntil > now.UtcTicks).Reverse())
        {
            if (table.Count >= DuplicateTable.Limit)
            {
                return;
            }

            table.AddOlder(DuplicateIndex.TryRead(segment.Path) ?? MakeIndex(segment, now));
        }
    }

    private static DuplicateIndex MakeIndex(Segment segment, DateTimeOffset now)
    {
        var known = new Dictionary<UInt128, (long Until, long Offset)>();
        using var walk = new SegmentWalk(segment);
        while (walk.Next < segment.EndOffset && walk.TryNext(out var header, out var payload))
        {
            if (header.Kind == RecordKind.Event && EventCodec.DecodeHead(payload.Span) is { Id: { } id } found && found.DuplicateUntil > now.UtcTicks)
            {
                known[DuplicateTable.Digest(found.PubSub, found.Topic, found.Source, id)] = (found.DuplicateUntil, header.Offset);
            }
        }

        if (walk.Next < segment.EndOffset)
        {
            throw new BrokerDamagedException(segment.Path, walk.Position, $"record {walk.Next} is not there or not as it was written");
        }

        var index = DuplicateIndex.Of(known);
        try
        {
            index.Write(segment.Path);
        }
        catch (IOException)
        {
            // The next opening makes it.
        }

        return index;
    }
}

using HmsMesh.Broker.Log;
using HmsMesh.Broker.Native;
using HmsMesh.Broker.Repair;
using HmsMesh.Broker.Sharing;
using HmsMesh.Broker.State;
using HmsMesh.Broker.Writing;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Broker;

/// <summary>
/// Mends a damaged log. Whatever is good stays at its offset; in place of what is lost stand records that say so; and a new segment
/// begins with a snapshot of the state as far as it is known. Holds the folder's lock from the survey to the end.
/// </summary>
public sealed class LogRepair : IDisposable
{
    private const int BlockSize = 1 << 20;
    private readonly ProcessLock _lock;
    private readonly LogSurvey _survey;

    private LogRepair(ProcessLock folderLock, LogSurvey survey) => (_lock, _survey, Report) = (folderLock, survey, survey.Report());

    public RepairReport Report { get; }

    /// <summary>Surveys the folder. Throws <see cref="BrokerException"/> while a broker runs on it.</summary>
    public static LogRepair Open(string folder, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(folder);
        NetworkFileSystem.Refuse(full);
        var folderLock = ProcessLock.TryTake(BrokerFolder.Lock(full), out var holder)
            ?? throw new BrokerLockedException(full, holder, "a repair needs it alone");
        try
        {
            return new LogRepair(folderLock, LogSurvey.Make(full, cancellationToken));
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Copies every file of the log as it is to another folder, and makes it durable. A socket that a killed broker left is no
    /// part of the log.</summary>
    public void CopyTo(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (var path in Directory.GetFiles(Report.Folder).Where(IsOfTheLog))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var copy = Path.Combine(folder, Path.GetFileName(path));
            File.Copy(path, copy);
            using var written = File.OpenHandle(copy, FileMode.Open, FileAccess.ReadWrite);
            Disk.SyncData(written, copy);
        }

        Disk.SyncDirectory(folder);
    }

    /// <summary>Mends. What a kill leaves of it can be mended again.</summary>
    public void Apply(DateTimeOffset now)
    {
        var folder = Report.Folder;
        var segments = new List<SegmentInfo>();
        RepairMark.Set(folder);
        foreach (var one in _survey.Segments.Where(static one => one.EndOffset > one.Base))
        {
            var end = one.IsDamaged ? Rewrite(one, now) : one.Runs[^1].EndPosition;
            segments.Add(new SegmentInfo(one.Base, one.EndOffset, end, now.UtcTicks, one.DuplicateUntil));
        }

        var snapshot = new BrokerSnapshot(
            segments.Count > 0 ? segments[0].Base : Report.Head, _survey.NextConsumer, segments, [.. _survey.Topics.Where(static one => one.Total > 0)], _survey.Consumers);
        using (ActiveSegment.Create(folder, Report.Head, StateCodec.Snapshot(snapshot), now.UtcTicks).Segment)
        {
            AcknowledgedFile.Create(Path.Combine(folder, "acknowledged"), Report.Head + 1).Dispose();
            Disk.SyncDirectory(folder);
        }

        RepairMark.Clear(folder);
    }

    private static bool IsOfTheLog(string path) =>
        Path.GetExtension(path) is ".log" or ".tmp" or ".ids" || Path.GetFileName(path) is "acknowledged" or RepairMark.Name;

    public void Dispose()
    {
        _survey.Dispose();
        _lock.Dispose();
    }

    /// <summary>Writes a segment anew: good records as they are, a record for each that is lost. Returns where it ends.</summary>
    private static long Rewrite(SurveyedSegment old, DateTimeOffset now)
    {
        var path = old.Segment.Path;
        var temporary = path + ".tmp";
        using var fresh = Disk.Create(temporary);
        var header = new byte[Segment.HeaderSize];
        Segment.WriteHeader(header, old.Base, old.Created == 0 ? now.UtcTicks : old.Created);
        Disk.Write(fresh, header, 0);
        var (next, at) = (old.Base, (long)Segment.HeaderSize);
        foreach (var run in old.Runs)
        {
            at = WriteLost(fresh, at, next, run.From);
            at = Copy(old.Segment.Handle, run, fresh, at);
            next = run.Until;
        }

        at = WriteLost(fresh, at, next, old.EndOffset);
        Disk.SyncData(fresh, temporary);

        // An id that is lost is no duplicate any more.
        Disk.Delete(DuplicateIndex.FileName(path));
        Disk.Move(temporary, path);
        Disk.SyncDirectory(Path.GetDirectoryName(path)!);
        return at;
    }

    private static long Copy(SafeFileHandle from, GoodRun run, SafeFileHandle to, long at)
    {
        var block = new byte[BlockSize];
        for (var position = run.Position; position < run.EndPosition;)
        {
            var read = RandomAccess.Read(from, block.AsSpan(0, (int)Math.Min(BlockSize, run.EndPosition - position)), position);
            Disk.Write(to, block.AsSpan(0, read), at);
            position += read;
            at += read;
        }

        return at;
    }

    private static long WriteLost(SafeFileHandle to, long at, long from, long until)
    {
        var size = RecordFormat.Size(1);
        var block = new byte[BlockSize / size * size];
        while (from < until)
        {
            var length = 0;
            for (; length < block.Length && from < until; from++)
            {
                length += RecordFormat.Write(block.AsSpan(length), RecordKind.Lost, from, 0, [0]);
            }

            Disk.Write(to, block.AsSpan(0, length), at);
            at += length;
        }

        return at;
    }
}

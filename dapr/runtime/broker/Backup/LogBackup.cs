using HmsMesh.Broker.Log;
using HmsMesh.Broker.Native;
using HmsMesh.Broker.Repair;
using HmsMesh.Broker.State;
using HmsMesh.Broker.Writing;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Broker;

/// <summary>
/// A copy of a log while its broker runs, in two steps, so that services' databases can be copied between them: how far consumers
/// were counts as of the first, which events there are as of the second. So whatever a consumer's copied database lacks is still
/// owed to it, and whatever a publisher's copied outbox calls sent is there.
/// </summary>
public sealed class LogBackup : IDisposable
{
    private const int BlockSize = 1 << 20;
    private readonly LogView _view;
    private readonly BrokerFold _fold;
    private readonly long _begun;

    private LogBackup(LogView view) => (_view, _fold, _begun) = (view, view.Fold(), view.Head);

    /// <summary>The offset that the first record after a restore gets.</summary>
    public long Head { get; private set; }

    /// <summary>Takes down how far consumers are, and keeps the files open, so that retention takes none away.</summary>
    public static LogBackup Begin(string folder)
    {
        var view = LogView.Open(folder);
        try
        {
            return new LogBackup(view);
        }
        catch
        {
            view.Dispose();
            throw;
        }
    }

    /// <summary>Copies what is synced by now to an empty folder. Every record is checked on the way. What a half-mended log
    /// gives is no backup: then it throws <see cref="BrokerDamagedException"/>.</summary>
    public void Finish(string folder, DateTimeOffset now, CancellationToken cancellationToken)
    {
        _view.Refresh();
        Head = _view.Head;
        for (var offset = _begun; _view.TryRead(offset, out var record); offset++)
        {
            // How far consumers got meanwhile is left out, and files that went meanwhile are here.
            if (record.Kind is RecordKind.Event or RecordKind.Consumer or RecordKind.Forgotten or RecordKind.Replay)
            {
                _fold.Apply(offset, record.Kind, record.Payload.Span);
            }
        }

        PassBuried(cancellationToken);
        var segments = new List<SegmentInfo>();
        foreach (var segment in _view.Segments.Where(one => one.Base < Head))
        {
            cancellationToken.ThrowIfCancellationRequested();
            segments.Add(Copy(segment, folder, now));
        }

        var snapshot = new BrokerSnapshot(
            segments[0].Base, _fold.NextConsumer, segments, [.. _fold.Topics.Values.Where(static one => one.Total > 0)], _fold.Consumers);
        ActiveSegment.Create(folder, Head, StateCodec.Snapshot(snapshot), now.UtcTicks).Segment.Dispose();
        AcknowledgedFile.Create(Path.Combine(folder, "acknowledged"), ++Head).Dispose();
        Disk.SyncDirectory(folder);

        // A repair that began meanwhile may have changed what was still to be copied.
        RepairMark.Refuse(_view.Folder);
    }

    public void Dispose() => _view.Dispose();

    /// <summary>What died since the beginning is dead in the copy, too: its dead letter is in it.</summary>
    private void PassBuried(CancellationToken cancellationToken)
    {
        var behind = _fold.Consumers.Where(static one => one.IsBuriedAhead).ToLookup(static one => (one.PubSub, one.Topic));
        if (behind.Count == 0)
        {
            return;
        }

        var first = Math.Max(_view.First, behind.SelectMany(static one => one).Min(static one => one.Cursor) + 1);
        foreach (var stored in _view.Read(first, null, cancellationToken))
        {
            foreach (var consumer in behind[(stored.PubSub, stored.Topic)])
            {
                consumer.Pass(stored.Offset);
            }
        }
    }

    private SegmentInfo Copy(Segment segment, string folder, DateTimeOffset now)
    {
        var path = Path.Combine(folder, Path.GetFileName(segment.Path));
        var end = Math.Min(segment.EndOffset, Head);
        var until = 0L;
        using var walk = new SegmentWalk(segment);
        while (walk.Next < end)
        {
            if (!walk.TryNext(out var header, out var payload))
            {
                throw new BrokerDamagedException(segment.Path, walk.Position, $"record {walk.Next} is not there or not as it was written");
            }

            until = header.Kind == RecordKind.Event ? Math.Max(until, EventCodec.DecodeHead(payload.Span).DuplicateUntil) : until;
        }

        using var copy = Disk.Create(path);
        CopyBytes(segment.Handle, copy, walk.Position);
        Disk.SyncData(copy, path);
        return new SegmentInfo(segment.Base, end, walk.Position, now.UtcTicks, until);
    }

    private static void CopyBytes(SafeFileHandle from, SafeFileHandle to, long length)
    {
        var block = new byte[BlockSize];
        for (var at = 0L; at < length;)
        {
            var read = RandomAccess.Read(from, block.AsSpan(0, (int)Math.Min(BlockSize, length - at)), at);
            Disk.Write(to, block.AsSpan(0, read), at);
            at += read;
        }
    }
}

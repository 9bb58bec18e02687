using HmsMesh.Broker.Log;
using HmsMesh.Broker.Native;

namespace HmsMesh.Broker.Writing;

/// <summary>The segment that is written to: filled with zeros ahead of its records, so that a sync has no metadata to write
/// and a full disk shows before a record is half written.</summary>
internal sealed class ActiveSegment(Segment segment)
{
    /// <summary>Room that only control records may use, so that acknowledgements go on when publishes are refused.</summary>
    public const int Reserve = 64 << 10;
    private const int Chunk = 1 << 20;
    private static readonly byte[] Zeros = new byte[64 << 10];
    private long _filled = RandomAccess.GetLength(segment.Handle);

    public Segment Segment { get; } = segment;

    public long Position => Segment.EndPosition;

    /// <summary>Makes a segment whole and durable under a temporary name, then gives it its own: it is there with its snapshot or not at all.</summary>
    public static ActiveSegment Create(string folder, long first, byte[] snapshot, long now)
    {
        var path = Path.Combine(folder, Segment.FileName(first));
        var temporary = path + ".tmp";
        var size = Segment.HeaderSize + RecordFormat.Size(snapshot.Length);
        var head = new byte[size];
        Segment.WriteHeader(head, first, now);
        RecordFormat.Write(head.AsSpan(Segment.HeaderSize), RecordKind.Snapshot, first, 0, snapshot);
        var handle = Disk.Create(temporary);
        try
        {
            Disk.Write(handle, head, 0);
            var active = new ActiveSegment(new Segment(path, first, handle) { EndPosition = size });
            active.Fill(size + Reserve);
            Disk.SyncData(handle, temporary);
            Disk.Move(temporary, path);
            Disk.SyncDirectory(folder);
            return active;
        }
        catch
        {
            handle.Dispose();
            Disk.Delete(temporary);
            throw;
        }
    }

    /// <summary>Makes sure that there is room up to a byte; an <see cref="IOException"/> says that there is none.</summary>
    public void EnsureFilled(long end, long limit)
    {
        if (end <= _filled)
        {
            return;
        }

        try
        {
            Fill(Math.Max(end, Math.Min(_filled + Chunk, limit)));
        }
        catch (IOException)
        {
            // A whole chunk does not fit; the record alone may.
            Fill(end);
        }
    }

    /// <summary>One write and one sync for all of a group.</summary>
    public void Append(ReadOnlySpan<byte> group)
    {
        Disk.Write(Segment.Handle, group, Position);
        Disk.SyncData(Segment.Handle, Segment.Path);
        Segment.EndPosition += group.Length;
    }

    private void Fill(long end)
    {
        end = (end + 4095) & ~4095L;
        var at = _filled;
        try
        {
            while (at < end)
            {
                var count = (int)Math.Min(Zeros.Length, end - at);
                Disk.Write(Segment.Handle, Zeros.AsSpan(0, count), at);
                at += count;
            }
        }
        catch (IOException)
        {
            Disk.SetLength(Segment.Handle, _filled);
            throw;
        }

        _filled = end;
    }
}

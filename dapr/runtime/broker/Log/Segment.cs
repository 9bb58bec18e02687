using System.Buffers.Binary;
using System.Globalization;
using HmsMesh.Broker.Native;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Broker.Log;

/// <summary>One file of the log: a header, then records from <see cref="Base"/> on, then zeros.</summary>
internal sealed class Segment(string path, long first, SafeFileHandle handle) : IDisposable
{
    public const int HeaderSize = 64;
    private const int IndexEvery = 64 << 10;
    private const long Magic = 0x31474F4C4D534D48; // "HMSMLOG1"
    private readonly Lock _gate = new();
    private readonly List<(long Offset, long Position)> _index = [(first, HeaderSize)];
    private volatile bool _retired;

    public string Path { get; } = path;

    /// <summary>The offset of its first record.</summary>
    public long Base { get; } = first;

    public SafeFileHandle Handle { get; } = handle;

    /// <summary>The first offset that is not in it; what lies behind, even where it looks like a record, was refused.</summary>
    public long EndOffset { get; set; } = long.MaxValue;

    /// <summary>The byte behind its last record.</summary>
    public long EndPosition { get; set; }

    /// <summary>When it was begun, in UTC ticks, where it was read.</summary>
    public long Created { get; init; }

    /// <summary>When it was closed, in UTC ticks.</summary>
    public long Closed { get; set; }

    /// <summary>Until when an event in it counts for deduplication, in UTC ticks.</summary>
    public long DuplicateUntil { get; set; }

    public static string FileName(long first) => first.ToString("D20", CultureInfo.InvariantCulture) + ".log";

    public static void WriteHeader(Span<byte> to, long first, long created)
    {
        to[..HeaderSize].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(to, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], first);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], created);
        BinaryPrimitives.WriteUInt32LittleEndian(to[60..], RecordFormat.Crc32C(to[..60]));
    }

    /// <summary>Opens a segment that is there, and checks its header.</summary>
    public static Segment Open(string path) => Open(path, Disk.Open(path));

    /// <summary>The same for one who only looks, while another process may write.</summary>
    public static Segment OpenToRead(string path) =>
        Open(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    private static Segment Open(string path, SafeFileHandle handle)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        var read = RandomAccess.Read(handle, header, 0);
        var first = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        var good = read == HeaderSize && BinaryPrimitives.ReadInt64LittleEndian(header) == Magic
            && BinaryPrimitives.ReadUInt32LittleEndian(header[60..]) == RecordFormat.Crc32C(header[..60])
            && System.IO.Path.GetFileName(path) == FileName(first);
        if (!good)
        {
            handle.Dispose();
            throw new BrokerDamagedException(path, 0, "its header is not one of this log");
        }

        return new Segment(path, first, handle) { Created = BinaryPrimitives.ReadInt64LittleEndian(header[16..]) };
    }

    /// <summary>Remembers where a record begins, for one in every 64 KB.</summary>
    public void Note(long offset, long position)
    {
        lock (_gate)
        {
            if (position - _index[^1].Position >= IndexEvery)
            {
                _index.Add((offset, position));
            }
        }
    }

    /// <summary>The nearest known record at or before an offset.</summary>
    public (long Offset, long Position) Near(long offset)
    {
        lock (_gate)
        {
            var (low, high) = (0, _index.Count - 1);
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                (low, high) = _index[middle].Offset <= offset ? (middle, high) : (low, middle - 1);
            }

            return _index[low];
        }
    }

    /// <summary>Whether retention let go of it, and its file is closed.</summary>
    public bool IsRetired => _retired;

    /// <summary>Nobody needs it any more. A read that is under way ends as it would have.</summary>
    public void Retire()
    {
        _retired = true;
        Dispose();
    }

    public void Dispose() => Handle.Dispose();
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using HmsMesh.Broker.Native;

namespace HmsMesh.Broker.Log;

/// <summary>The digests of a closed segment, in order. A file beside the segment holds them, so that a takeover need not read the segment;
/// it is made anew from the segment where it is missing or not as it was written.</summary>
internal sealed class DuplicateIndex(DuplicateIndex.Entry[] entries)
{
    private const long Magic = 0x3153444944534D48; // "HMSDIDS1"
    private const int Header = 24;
    private const int MaxEntries = 1 << 22;

    public int Count => entries.Length;

    /// <summary>Until when any of them counts.</summary>
    public long Until { get; } = entries.Length == 0 ? 0 : entries.Max(static one => one.Until);

    public static string FileName(string segment) => Path.ChangeExtension(segment, ".ids");

    public static DuplicateIndex Of(IReadOnlyDictionary<UInt128, (long Until, long Offset)> known)
    {
        var entries = known.Select(static one => new Entry(one.Key, one.Value.Until, one.Value.Offset)).ToArray();
        Array.Sort(entries, static (one, other) => one.Digest.CompareTo(other.Digest));
        return new DuplicateIndex(entries);
    }

    public (long Until, long Offset)? Find(UInt128 digest)
    {
        var (low, high) = (0, entries.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            ref var entry = ref entries[middle];
            if (entry.Digest == digest)
            {
                return (entry.Until, entry.Offset);
            }

            (low, high) = entry.Digest < digest ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    /// <summary>Writes the file. It is not synced: one that a power cut tore is told by its checksum.</summary>
    public void Write(string segment)
    {
        var path = FileName(segment);
        var body = MemoryMarshal.AsBytes(entries.AsSpan());
        var bytes = new byte[Header + body.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), entries.Length);
        body.CopyTo(bytes.AsSpan(Header));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), RecordFormat.Crc32C(body));
        using (var file = Disk.Create(path + ".tmp"))
        {
            Disk.Write(file, bytes, 0);
        }

        Disk.Move(path + ".tmp", path);
    }

    /// <summary>Null where the file is not there, or not as it was written.</summary>
    public static DuplicateIndex? TryRead(string segment)
    {
        try
        {
            using var file = File.OpenHandle(FileName(segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var header = new byte[Header];
            if (RandomAccess.Read(file, header, 0) < Header || BinaryPrimitives.ReadInt64LittleEndian(header) != Magic
                || BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(8)) is not (>= 0 and <= MaxEntries and var count)
                || RandomAccess.GetLength(file) != Header + (count * Marshal.SizeOf<Entry>()))
            {
                return null;
            }

            var entries = new Entry[count];
            var body = MemoryMarshal.AsBytes(entries.AsSpan());
            return RandomAccess.Read(file, body, Header) == body.Length
                && RecordFormat.Crc32C(body) == BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(16))
                ? new DuplicateIndex(entries)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>As it is on disk, little-endian.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct Entry(UInt128 Digest, long Until, long Offset);
}

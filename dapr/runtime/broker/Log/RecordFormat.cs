using System.Buffers.Binary;
using System.Numerics;

namespace HmsMesh.Broker.Log;

/// <summary>
/// A record on disk, little-endian, padded with zeros to 8 bytes: length of the payload (u32), CRC-32C of everything else in it
/// (u32), offset (u64), its place in the group that one sync covered (u32), kind (u8), three zeros, payload. The place tells
/// a damaged record from a torn one: whatever stands before a valid record's group was synced before that group was written.
/// </summary>
internal static class RecordFormat
{
    public const int HeaderSize = 24;

    /// <summary>More than any record is long; what claims more is damaged.</summary>
    public const int MaxPayload = 256 << 20;

    public static int Size(int payload) => HeaderSize + ((payload + 7) & ~7);

    /// <summary>Writes the record at the start of <paramref name="to"/> and returns its size.</summary>
    public static int Write(Span<byte> to, RecordKind kind, long offset, int place, ReadOnlySpan<byte> payload)
    {
        var size = Size(payload.Length);
        var record = to[..size];
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], offset);
        BinaryPrimitives.WriteInt32LittleEndian(record[16..], place);
        record[20] = (byte)kind;
        record[21..HeaderSize].Clear();
        payload.CopyTo(record[HeaderSize..]);
        record[(HeaderSize + payload.Length)..].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Checksum(record));
        return size;
    }

    public static RecordHeader ReadHeader(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(from),
        BinaryPrimitives.ReadUInt32LittleEndian(from[4..]),
        BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
        BinaryPrimitives.ReadInt32LittleEndian(from[16..]),
        (RecordKind)from[20]);

    /// <summary>The checksum that a whole record (header, payload, padding) should carry.</summary>
    public static uint Checksum(ReadOnlySpan<byte> record) => ~Crc(record[8..], Crc(record[..4], ~0u));

    public static uint Crc32C(ReadOnlySpan<byte> bytes) => ~Crc(bytes, ~0u);

    private static uint Crc(ReadOnlySpan<byte> bytes, uint crc)
    {
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return crc;
    }
}

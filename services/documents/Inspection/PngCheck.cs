using System.Buffers;
using System.Buffers.Binary;

namespace HmsMesh.Documents.Inspection;

/// <summary>PNG (ISO/IEC 15948): a signature, then chunks with their checksums, from IHDR by way of the picture to IEND, which is the end.</summary>
internal static class PngCheck
{
    private const int Frame = 12;
    private const int HeaderBytes = 13;
    private const int BufferBytes = 16 << 10;
    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool Begins(ReadOnlySpan<byte> beginning) => beginning.StartsWith(Signature);

    public static bool IsWhole(Stream file)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            file.Position = Signature.Length;
            if (!Chunk(file, buffer, out var first, out var length) || !first.SequenceEqual("IHDR"u8) || length != HeaderBytes || !IsHeader(buffer))
                return false;
            var hasPicture = false;
            while (Chunk(file, buffer, out var type, out length))
            {
                if (type.SequenceEqual("IEND"u8))
                    return hasPicture && length == 0 && file.Position == file.Length;
                if (type.SequenceEqual("IHDR"u8))
                    return false;
                hasPicture |= type.SequenceEqual("IDAT"u8) && length > 0;
            }

            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads a chunk; its type, and its data where they are few, stay in the buffer. False where it is broken.</summary>
    private static bool Chunk(Stream file, byte[] buffer, out ReadOnlySpan<byte> type, out long length)
    {
        type = default;
        length = 0;
        var head = buffer.AsSpan(0, 8);
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
            return false;
        length = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (length > file.Length - file.Position - (Frame - 8) || head[4..].ContainsAnyExcept(Letters))
            return false;
        var kept = head[4..].ToArray();
        var crc = Crc32.Add(Crc32.Begin, kept);
        for (var left = length; left > 0;)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(left, BufferBytes));
            if (file.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) < part.Length)
                return false;
            crc = Crc32.Add(crc, part);
            left -= part.Length;
        }

        type = kept;
        Span<byte> sum = stackalloc byte[4];
        return file.ReadAtLeast(sum, sum.Length, throwOnEndOfStream: false) == sum.Length && BinaryPrimitives.ReadUInt32BigEndian(sum) == Crc32.End(crc);
    }

    private static bool IsHeader(ReadOnlySpan<byte> data)
    {
        var (depth, colors) = (data[8], data[9]);
        var fits = colors switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        return fits && IsSide(data) && IsSide(data[4..]) && data[10] == 0 && data[11] == 0 && data[12] <= 1;
    }

    private static bool IsSide(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadUInt32BigEndian(data) is > 0 and <= int.MaxValue;
}

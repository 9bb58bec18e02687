using System.Buffers;
using System.Buffers.Binary;

namespace HmsMesh.Documents.Inspection;

/// <summary>JPEG (ISO/IEC 10918-1): SOI, segments with their lengths, a frame, its scans, EOI. What follows EOI is left alone: cameras put
/// previews there.</summary>
internal static class JpegCheck
{
    private const int Mark = 0xFF;
    private const int StartOfImage = 0xD8;
    private const int EndOfImage = 0xD9;
    private const int StartOfScan = 0xDA;
    private const int FirstRestart = 0xD0;
    private const int LastRestart = 0xD7;
    private const int BufferBytes = 16 << 10;

    public static bool Begins(ReadOnlySpan<byte> beginning) => beginning is [Mark, StartOfImage, Mark, ..];

    public static bool IsWhole(Stream file)
    {
        file.Position = 2;
        var (hasFrame, hasScan) = (false, false);
        var marker = Marker(file);
        while (marker is not (< 0 or EndOfImage))
        {
            if (marker is 0 or StartOfImage or (>= FirstRestart and <= LastRestart) || Segment(file) is not { } length)
                return false;
            if (IsFrame(marker))
            {
                if (hasFrame || !IsFrameHeader(file, length))
                    return false;
                hasFrame = true;
            }
            else
            {
                file.Position += length;
            }

            hasScan |= marker == StartOfScan;
            if (marker == StartOfScan && !hasFrame)
                return false;
            marker = marker == StartOfScan ? MarkerAfterScan(file) : Marker(file);
        }

        return marker == EndOfImage && hasFrame && hasScan;
    }

    // SOF0 to SOF15, without the tables that lie between them: DHT, JPG and DAC.
    private static bool IsFrame(int marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    /// <summary>The length of a segment behind its two bytes of length; null where it goes beyond the end.</summary>
    private static int? Segment(Stream file)
    {
        Span<byte> bytes = stackalloc byte[2];
        if (file.ReadAtLeast(bytes, 2, throwOnEndOfStream: false) < 2)
            return null;
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes) - 2;
        return length >= 0 && length <= file.Length - file.Position ? length : null;
    }

    // Precision, height, width, the number of components and three bytes for each. A height of 0 is told after the first scan.
    private static bool IsFrameHeader(Stream file, int length)
    {
        Span<byte> head = stackalloc byte[6];
        if (length < head.Length || file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
            return false;
        file.Position += length - head.Length;
        return BinaryPrimitives.ReadUInt16BigEndian(head[3..]) > 0 && head[5] is >= 1 and <= 4 && length == head.Length + (3 * head[5]);
    }

    /// <summary>The marker that must be next; below 0 where there is none.</summary>
    private static int Marker(Stream file)
    {
        if (file.ReadByte() != Mark)
            return -1;
        int code;
        do
            code = file.ReadByte();
        while (code == Mark);
        return code;
    }

    /// <summary>The first marker behind a scan's data, in which FF 00 and restarts are no markers.</summary>
    private static int MarkerAfterScan(Stream file)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var isMarked = false;
            int read;
            while ((read = file.Read(buffer)) > 0)
            {
                var at = 0;
                while (at < read)
                {
                    if (!isMarked)
                    {
                        var next = buffer.AsSpan(at, read - at).IndexOf((byte)Mark);
                        at = next < 0 ? read : at + next + 1;
                        isMarked = next >= 0;
                        continue;
                    }

                    var code = buffer[at++];
                    isMarked = code == Mark;
                    if (code is Mark or 0 or (>= FirstRestart and <= LastRestart))
                        continue;
                    file.Position -= read - at;
                    return code;
                }
            }

            return -1;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

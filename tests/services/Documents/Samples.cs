using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection;
using System.Text;

namespace HmsMesh.Services.Tests.Documents;

/// <summary>Files as a browser writes them, and such as it never would.</summary>
internal static class Samples
{
    public static readonly byte[] Pdf = Read("letter.pdf");
    public static readonly byte[] Png = Read("photo.png");
    public static readonly byte[] Jpeg = Read("photo.jpg");

    /// <summary>A PNG of exactly so many bytes.</summary>
    public static byte[] PngOf(int bytes, byte filling = 7)
    {
        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write([0, filling]);
        byte[] start = [.. Png[..8], .. Chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]), .. Chunk("IDAT", pixels.ToArray())];
        var padding = new byte[bytes - start.Length - 24];
        padding.AsSpan().Fill(filling);
        return [.. start, .. Chunk("paDd", padding), .. Chunk("IEND", [])];
    }

    /// <summary>A PDF whose cross-reference is a stream, as newer writers make it.</summary>
    public static byte[] PdfWithStream(string reference = "4 0 obj", string? place = null)
    {
        var body = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n";
        return Encoding.ASCII.GetBytes($"{body}{reference}\n<< /Type /XRef >>\nstream\nendstream\nendobj\nstartxref\n{place ?? $"{body.Length}"}\n%%EOF\n");
    }

    public static byte[] Chunk(string type, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. data];
        var (length, sum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Sum(named));
        return [.. length, .. named, .. sum];
    }

    // Bit by bit as the standard has it, and not as the service does.
    private static uint Sum(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var one in data)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
        }

        return ~crc;
    }

    private static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(
        typeof(Samples).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "tests", "services", "Documents", "files", name));
}

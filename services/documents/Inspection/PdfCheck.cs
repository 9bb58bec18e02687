using System.Buffers.Text;

namespace HmsMesh.Documents.Inspection;

/// <summary>PDF (ISO 32000): a header with a version, and at the end the place of the cross-reference, where there is one.</summary>
internal static class PdfCheck
{
    // As the format's first reader takes it: the end is somewhere in the last kilobyte.
    private const int TailBytes = 1024;
    private const int PlaceBytes = 64;
    private const int HeaderBytes = 8;

    public static bool Begins(ReadOnlySpan<byte> beginning) =>
        beginning.Length >= HeaderBytes && beginning.StartsWith("%PDF-"u8)
        && char.IsAsciiDigit((char)beginning[5]) && beginning[6] == (byte)'.' && char.IsAsciiDigit((char)beginning[7]);

    public static bool IsWhole(Stream file)
    {
        Span<byte> tail = stackalloc byte[(int)Math.Min(file.Length, TailBytes + PlaceBytes)];
        var tailAt = file.Length - tail.Length;
        file.Position = tailAt;
        file.ReadExactly(tail);
        var end = tail.LastIndexOf("%%EOF"u8);
        var start = end < 0 ? -1 : tail[..end].LastIndexOf("startxref"u8);
        if (start < 0)
            return false;
        var digits = Trim(tail[(start + "startxref".Length)..end]);
        return Utf8Parser.TryParse(digits, out long place, out var used) && used == digits.Length
            && place >= HeaderBytes && place < tailAt + start && IsReference(file, place);
    }

    /// <summary>Whether a cross-reference is there: a table (xref), or a stream, which is an object (12 0 obj).</summary>
    private static bool IsReference(Stream file, long place)
    {
        Span<byte> there = stackalloc byte[PlaceBytes];
        file.Position = place;
        there = Trim(there[..file.ReadAtLeast(there, there.Length, throwOnEndOfStream: false)]);
        if (there.StartsWith("xref"u8))
            return true;
        return AfterNumber(AfterNumber(there)).StartsWith("obj"u8);
    }

    /// <summary>What follows a number and space; nothing where there is none.</summary>
    private static Span<byte> AfterNumber(Span<byte> text)
    {
        var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length > 0 && IsSpace(text[length]) ? Trim(text[length..]) : [];
    }

    private static Span<byte> Trim(Span<byte> text)
    {
        while (text.Length > 0 && IsSpace(text[0]))
            text = text[1..];
        while (text.Length > 0 && IsSpace(text[^1]))
            text = text[..^1];
        return text;
    }

    private static bool IsSpace(byte one) => one is 0 or 9 or 10 or 12 or 13 or 32;
}

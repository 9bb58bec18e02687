namespace HmsMesh.Sidecar.Invocation.Answer;

/// <summary>What kind of content bytes look like (WHATWG MIME sniffing, as Go does it): daprd names it where an app doesn't.</summary>
internal static class ContentSniffer
{
    private const int Longest = 512;

    private static readonly string[] Html =
    [
        "<!DOCTYPE HTML", "<HTML", "<HEAD", "<SCRIPT", "<IFRAME", "<H1", "<DIV", "<FONT", "<TABLE", "<A", "<STYLE", "<TITLE", "<B", "<BODY", "<BR", "<P", "<!--",
    ];

    private static readonly (byte[] Start, string Type)[] Starts =
    [
        ("%PDF-"u8.ToArray(), "application/pdf"),
        ("%!PS-Adobe-"u8.ToArray(), "application/postscript"),
        ([0xFE, 0xFF], "text/plain; charset=utf-16be"),
        ([0xFF, 0xFE], "text/plain; charset=utf-16le"),
        ([0xEF, 0xBB, 0xBF], "text/plain; charset=utf-8"),
        ([0, 0, 1, 0], "image/x-icon"),
        ([0, 0, 2, 0], "image/x-icon"),
        ("BM"u8.ToArray(), "image/bmp"),
        ("GIF87a"u8.ToArray(), "image/gif"),
        ("GIF89a"u8.ToArray(), "image/gif"),
        ([0x89, .. "PNG"u8, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"),
        ([0xFF, 0xD8, 0xFF], "image/jpeg"),
        ("ID3"u8.ToArray(), "audio/mpeg"),
        ([.. "OggS"u8, 0], "application/ogg"),
        ([.. "MThd"u8, 0, 0, 0, 6], "audio/midi"),
        ([0x1A, 0x45, 0xDF, 0xA3], "video/webm"),
        ([0, 1, 0, 0], "font/ttf"),
        ("OTTO"u8.ToArray(), "font/otf"),
        ("ttcf"u8.ToArray(), "font/collection"),
        ("wOFF"u8.ToArray(), "font/woff"),
        ("wOF2"u8.ToArray(), "font/woff2"),
        ([0x1F, 0x8B, 0x08], "application/x-gzip"),
        ("PK\x03\x04"u8.ToArray(), "application/zip"),
        ("Rar!\x1A\x07\x00"u8.ToArray(), "application/x-rar-compressed"),
        ("Rar!\x1A\x07\x01\x00"u8.ToArray(), "application/x-rar-compressed"),
        ([0, .. "asm"u8], "application/wasm"),
    ];

    public static string TypeOf(ReadOnlySpan<byte> data)
    {
        data = data[..Math.Min(data.Length, Longest)];
        var text = data.TrimStart("\t\n\x0C\r "u8);
        foreach (var tag in Html)
        {
            if (IsTag(text, tag))
            {
                return "text/html; charset=utf-8";
            }
        }

        if (text.StartsWith("<?xml"u8))
        {
            return "text/xml; charset=utf-8";
        }

        foreach (var (start, type) in Starts)
        {
            if (data.StartsWith(start))
            {
                return type;
            }
        }

        return Riff(data) ?? Mp4(data) ?? (IsBinary(data) ? "application/octet-stream" : "text/plain; charset=utf-8");
    }

    private static bool IsTag(ReadOnlySpan<byte> text, string tag) =>
        text.Length > tag.Length && System.Text.Ascii.EqualsIgnoreCase(text[..tag.Length], tag) && (tag == "<!--" || text[tag.Length] is (byte)' ' or (byte)'>');

    private static string? Riff(ReadOnlySpan<byte> data) => data.Length < 14 ? null
        : data.StartsWith("FORM"u8) && data[8..].StartsWith("AIFF"u8) ? "audio/aiff"
        : !data.StartsWith("RIFF"u8) ? null
        : data[8..].StartsWith("WEBPVP"u8) ? "image/webp"
        : data[8..].StartsWith("AVI "u8) ? "video/avi"
        : data[8..].StartsWith("WAVE"u8) ? "audio/wave"
        : null;

    private static string? Mp4(ReadOnlySpan<byte> data)
    {
        if (data.Length < 12 || !data[4..].StartsWith("ftyp"u8))
        {
            return null;
        }

        var box = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(data);
        if (box > data.Length || box % 4 != 0)
        {
            return null;
        }

        for (var at = 8; at + 3 <= box; at += 4)
        {
            if (at != 12 && data[at..].StartsWith("mp4"u8))
            {
                return "video/mp4";
            }
        }

        return null;
    }

    private static bool IsBinary(ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            if (value is <= 0x08 or 0x0B or (>= 0x0E and <= 0x1A) or (>= 0x1C and <= 0x1F))
            {
                return true;
            }
        }

        return false;
    }
}

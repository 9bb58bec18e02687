namespace HmsMesh.Documents.Inspection;

/// <summary>The checksum of PNG's chunks; it finds damage, and proves nothing.</summary>
internal static class Crc32
{
    public const uint Begin = uint.MaxValue;
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i => Entry((uint)i))];

    public static uint Add(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var one in data)
            crc = Table[(byte)(crc ^ one)] ^ (crc >> 8);
        return crc;
    }

    public static uint End(uint crc) => ~crc;

    private static uint Entry(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Polynomial;
        return value;
    }
}

using System.Globalization;
using HmsMesh.Cli.Chaos.Power;

namespace HmsMesh.Cli.Chaos.Disks;

/// <summary>One fault of a closed folder.</summary>
/// <param name="File">Where it is.</param>
/// <param name="Position">Its first byte.</param>
/// <param name="What">What was done.</param>
/// <param name="Image">The folder with it.</param>
internal sealed record Damage(string File, long Position, string What, DiskImage Image)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{What} at byte {Position} of {File}");

    /// <summary>A bit or a byte flipped, sectors of zeros or of noise, a file cut short, lengthened or gone: at any place.</summary>
    public static Damage Make(DiskImage whole, Random random)
    {
        var names = whole.Files.Keys.Order(StringComparer.Ordinal).ToArray();
        var name = names[random.Next(names.Length)];
        var bytes = (byte[])whole.Files[name].Clone();

        // Half of them where something was written.
        var used = random.Next(2) == 0 ? bytes.Length : Array.FindLastIndex(bytes, static one => one != 0) + 1;
        var at = random.Next(Math.Max(1, used));
        var what = "";
        switch (random.Next(12))
        {
            case < 4:
                bytes[at] ^= (byte)(1 << random.Next(8));
                what = "a flipped bit";
                break;
            case < 7:
                bytes[at] = (byte)random.Next(256);
                what = "another byte";
                break;
            case 7 or 8:
                at = at / 512 * 512;
                bytes.AsSpan(at, Math.Min(512 * random.Next(1, 9), bytes.Length - at)).Clear();
                what = "sectors of zeros";
                break;
            case 9:
                at = at / 512 * 512;
                random.NextBytes(bytes.AsSpan(at, Math.Min(512, bytes.Length - at)));
                what = "a sector of noise";
                break;
            case 10:
                bytes = bytes[..at];
                what = "a file cut short";
                break;
            default:
                return new Damage(name, 0, "a missing file", new DiskImage(whole.Files.Where(one => one.Key != name).ToDictionary(StringComparer.Ordinal)));
        }

        return new Damage(name, at, what, new DiskImage(new Dictionary<string, byte[]>(whole.Files, StringComparer.Ordinal) { [name] = bytes }));
    }
}

using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace HmsMesh.Properties.Tests.Support;

/// <summary>Random texts and bytes, hostile ones among them.</summary>
internal static class Texts
{
    /// <summary>A word out of a list, or something that nobody writes.</summary>
    public static Gen<string> Word(params string[] known) => Gen.Frequency(
        (6, Gen.Elements(known)),
        (1, Strange),
        (1, Any));

    public static Gen<string> Strange { get; } = Gen.Elements(
        "", " ", "\0", "\n", "\r\n", "\t", "~", "null", "true", "-1", "0", "1e999", "9223372036854775808", "NaN", "ÿ", "\u202e", "😀", "\ufeff", "'", "\"", "\\", "{{x}}",
        "..", "/../..", "%00", "%2e%2e", "a: b", "- x", "&a", "*a", "!!int 3", "|", ">", "#", "{", "}", "[", "]", ",", ":", "---", "...", "%YAML 9.9");

    public static Gen<string> Any { get; } = Gen.Choose(0, 24).SelectMany(static count =>
        Gen.Choose(0, 0xFFFF).Select(static code => (char)(code < 0x100 || char.IsSurrogate((char)code) ? (code % 95) + 32 : code)).ArrayOf(count))
        .Select(static chars => new string(chars));

    public static Gen<string> Huge { get; } = Gen.Choose(1_000, 200_000).Select(static count => new string('x', count));

    public static Gen<byte[]> Noise { get; } = Gen.Choose(0, 80).SelectMany(static count => Gen.Choose(0, 255).Select(static one => (byte)one).ArrayOf(count));

    /// <summary>A text with some of its bytes changed, removed or doubled.</summary>
    public static Gen<byte[]> Mutated(Gen<string> text) =>
        from original in text.Select(Encoding.UTF8.GetBytes)
        from changes in Gen.Choose(0, 4).SelectMany(static count =>
            (from at in Gen.Choose(0, 1_000_000) from how in Gen.Choose(0, 3) from value in Gen.Choose(0, 255) select (at, how, value)).ArrayOf(count))
        select Change(original, changes);

    private static byte[] Change(byte[] original, (int At, int How, int Value)[] changes)
    {
        var bytes = original.ToList();
        foreach (var (where, how, value) in changes.Where(_ => bytes.Count > 0))
        {
            var at = where % bytes.Count;
            switch (how)
            {
                case 0:
                    bytes[at] = (byte)value;
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)value);
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, value)));
                    break;
            }
        }

        return [.. bytes];
    }
}

using System.Globalization;
using System.Text;

namespace HmsMesh.Contracts;

/// <summary>A set of Unicode characters, and how a regular expression of .NET, which knows UTF-16 only, matches one of them.</summary>
internal sealed class CodePoints
{
    private const int Last = 0x10FFFF;
    private readonly List<(int From, int To)> _ranges = [];

    /// <summary>The digits, the letters of words and the white space of ECMA-262.</summary>
    public static CodePoints Digits { get; } = Of(('0', '9'));

    public static CodePoints Words { get; } = Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    public static CodePoints Spaces { get; } = Of(
        (9, 13), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF));

    /// <summary>What a dot matches.</summary>
    public static CodePoints Dot { get; } = Of(('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)).Complement();

    /// <summary>The one character that it holds.</summary>
    public int Single => _ranges[0].From;

    public static CodePoints Of(params ReadOnlySpan<(int From, int To)> ranges)
    {
        var set = new CodePoints();
        foreach (var (from, to) in ranges)
        {
            set.Add(from, to);
        }

        return set;
    }

    public void Add(int from, int to) => _ranges.Add((from, to));

    public void Add(CodePoints other) => _ranges.AddRange(other._ranges);

    public CodePoints Complement()
    {
        var others = new CodePoints();
        var next = 0;
        foreach (var (from, to) in _ranges.Order())
        {
            if (from > next)
            {
                others.Add(next, from - 1);
            }

            next = Math.Max(next, to + 1);
        }

        if (next <= Last)
        {
            others.Add(next, Last);
        }

        return others;
    }

    public string ToPattern()
    {
        var units = new StringBuilder();
        var pairs = new List<string>();
        foreach (var (from, to) in _ranges)
        {
            // A text holds no surrogate alone: what is said of them is said of no character.
            AddUnits(units, from, Math.Min(to, 0xD7FF));
            AddUnits(units, Math.Max(from, 0xE000), Math.Min(to, 0xFFFF));
            AddPairs(pairs, Math.Max(from, 0x10000), to);
        }

        if (units.Length > 0)
        {
            pairs.Insert(0, $"[{units}]");
        }

        return pairs.Count switch { 0 => "(?!)", 1 when units.Length > 0 => pairs[0], _ => $"(?:{string.Join('|', pairs)})" };
    }

    private static void AddUnits(StringBuilder units, int from, int to)
    {
        if (from <= to)
        {
            units.Append(Unit(from)).Append('-').Append(Unit(to));
        }
    }

    private static void AddPairs(List<string> pairs, int from, int to)
    {
        while (from <= to)
        {
            // As many as share the first unit; or, from one's beginning, as many first units as are covered whole.
            var end = Math.Min(to, from | 0x3FF);
            if ((from & 0x3FF) == 0 && to - from >= 0x3FF)
            {
                end = to - ((to + 1) & 0x3FF);
            }

            pairs.Add($"[{Unit(High(from))}-{Unit(High(end))}][{Unit(Low(from))}-{Unit(Low(end))}]");
            from = end + 1;
        }
    }

    private static int High(int codePoint) => 0xD800 + ((codePoint - 0x10000) >> 10);

    private static int Low(int codePoint) => 0xDC00 + (codePoint & 0x3FF);

    private static string Unit(int unit) => string.Create(CultureInfo.InvariantCulture, $"\\u{unit:X4}");
}

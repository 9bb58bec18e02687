using System.Globalization;
using System.Text.RegularExpressions;

namespace HmsMesh.Contracts;

/// <summary>The formats that are enforced, by the names of draft 7, and uuid. The kits for Node and Python hold the same patterns.</summary>
internal static class Formats
{
    private const string Date = "(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";

    // Without leap seconds, which hardly any reader takes.
    private const string Time = @"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";
    private const string Label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private const string Byte = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private const string V4 = Byte + @"(\." + Byte + "){3}";
    private const string H = "[0-9A-Fa-f]{1,4}";
    private const string L = "(" + H + ":" + H + "|" + V4 + ")";

    private const string V6 =
        "((" + H + ":){6}" + L + "|::(" + H + ":){5}" + L + "|(" + H + ")?::(" + H + ":){4}" + L + "|((" + H + ":)?" + H + ")?::(" + H + ":){3}" + L
        + "|((" + H + ":){0,2}" + H + ")?::(" + H + ":){2}" + L + "|((" + H + ":){0,3}" + H + ")?::" + H + ":" + L + "|((" + H + ":){0,4}" + H + ")?::" + L
        + "|((" + H + ":){0,5}" + H + ")?::" + H + "|((" + H + ":){0,6}" + H + ")?::)";

    private static readonly Dictionary<string, Lazy<Regex>> Patterns = new(StringComparer.Ordinal)
    {
        ["date-time"] = Whole(Date + "[Tt]" + Time),
        ["date"] = Whole(Date),
        ["time"] = Whole(Time),
        ["email"] = Whole("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@" + Label + @"(\." + Label + ")*"),
        ["hostname"] = Whole("(?=.{1,253}$)" + Label + @"(\." + Label + ")*"),
        ["ipv4"] = Whole(V4),
        ["ipv6"] = Whole(V6),
        ["uri"] = Whole(@"[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+"),
        ["uuid"] = Whole("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
    };

    public static bool IsKnown(string format) => Patterns.ContainsKey(format);

    public static bool Fits(string format, string text) =>
        Patterns[format].Value.IsMatch(text)
        && (format is not ("date" or "date-time") || DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));

    private static Lazy<Regex> Whole(string pattern) => new(() => EcmaPattern.Compile($"^{pattern}$"));
}

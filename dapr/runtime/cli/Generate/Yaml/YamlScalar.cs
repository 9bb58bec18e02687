using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HmsMesh.Cli.Generate.Yaml;

/// <summary>How a text is written so that every reader of YAML, of 1.1 and of 1.2, reads the same text again.</summary>
internal static partial class YamlScalar
{
    // What YAML 1.1 reads as a boolean, null, a merge or a number without digits; compared without regard to case.
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "<<", "=", "", ".inf", "-.inf", "+.inf", ".nan",
    };

    public static string Write(string text) =>
        IsPlain(text) ? text : text.All(IsPrintable) ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'" : Escape(text);

    /// <summary>Would be read as a number, a boolean, null or a date if it stood without quotes.</summary>
    public static bool MeansSomethingElse(string text) => Words.Contains(text) || NumberLike().IsMatch(text);

    // Only what is plainly plain goes without quotes: a letter, slash, dot or underscore first, and no sign that YAML gives a meaning.
    private static bool IsPlain(string text) => text.Length < 200 && Plain().IsMatch(text) && !MeansSomethingElse(text);

    private static bool IsPrintable(char letter) => letter is >= ' ' and <= '~' or >= '\u00A1' and <= '\u02FF';

    private static string Escape(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\n' => result.Append("\\n"),
                '\t' => result.Append("\\t"),
                _ when IsPrintable(letter) => result.Append(letter),
                _ => result.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
            };
        }

        return result.Append('"').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z_./$][A-Za-z0-9_./$-]*( [A-Za-z0-9_./$(][A-Za-z0-9_./$()-]*)*\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Plain();

    [GeneratedRegex(@"^[-+]?\.?[0-9]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NumberLike();
}

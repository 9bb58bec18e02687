using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace HmsMesh.Sidecar.Cel;

/// <summary>Regular expressions of <c>matches</c>: RE2's syntax on the engine that never backtracks.</summary>
internal static class CelPattern
{
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    public static Regex? Compile(string pattern, out string? problem)
    {
        problem = null;
        if (pattern.Length > CelLimits.MaxPatternLength)
        {
            problem = $"a regular expression longer than {CelLimits.MaxPatternLength} characters";
            return null;
        }

        try
        {
            return new Regex(CelPatternSyntax.Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            problem = $"a regular expression that is none: {e.Message}";
        }
        catch (NotSupportedException)
        {
            // Also an automaton that would grow too large.
            problem = "a regular expression with what RE2 does not have, such as a look-ahead or a reference back, or one that is too large";
        }

        return null;
    }

    /// <summary>Compiles, or finds what was compiled before.</summary>
    public static Regex? Kept(string pattern, out string? problem)
    {
        problem = null;
        if (Patterns.TryGetValue(pattern, out var known)) return known;
        var regex = Compile(pattern, out problem);
        if (regex is null) return null;
        if (Patterns.Count >= CelLimits.MaxKeptPatterns) Patterns.Clear();
        Patterns[pattern] = regex;
        return regex;
    }
}

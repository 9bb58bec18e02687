using System.Text.RegularExpressions;

namespace HmsMesh.Sidecar.Cel;

/// <summary>Functions on strings.</summary>
internal static class CelStrings
{
    public static CelBinary Test(string name, Func<string, string, bool> holds) => (CelContext context, in CelValue a, in CelValue b) =>
    {
        if (a.Kind != CelKind.String || b.Kind != CelKind.String) return CelLibrary.Mismatch(name, a, b);
        return context.Pay(a.Weight) ? CelValue.Of(holds(a.Text, b.Text)) : CelContext.TooCostly();
    };

    /// <summary><c>matches</c> with a pattern that is a literal, compiled at load.</summary>
    public static CelBinary MatchesOf(Regex regex) => (CelContext context, in CelValue a, in CelValue b) =>
    {
        if (a.Kind != CelKind.String) return CelLibrary.Mismatch("matches", a, b);
        return context.Pay(a.Weight) ? CelValue.Of(regex.IsMatch(a.Text)) : CelContext.TooCostly();
    };

    /// <summary><c>matches</c> with a pattern that is known at run time only; the last ones are kept.</summary>
    public static CelValue Matches(CelContext context, in CelValue a, in CelValue b)
    {
        if (a.Kind != CelKind.String || b.Kind != CelKind.String) return CelLibrary.Mismatch("matches", a, b);
        // Making an automaton costs far more than a step.
        if (!context.Pay(a.Weight + 100 * b.Weight)) return CelContext.TooCostly();
        return CelPattern.Kept(b.Text, out var problem) is { } regex ? CelValue.Of(regex.IsMatch(a.Text)) : CelValue.Error(problem!);
    }
}

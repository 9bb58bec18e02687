using System.Globalization;

namespace HmsMesh.Claims.Decisions;

/// <summary>What a decision, or what came of it, means to the citizen, in English and Spanish.</summary>
public sealed record Explanation(string En, string Es)
{
    /// <summary>As people write it: cents where there are some.</summary>
    internal static string Number(decimal number) => number.ToString(number == decimal.Truncate(number) ? "0" : "0.00", CultureInfo.InvariantCulture);

    internal Explanation With(string place, string value) =>
        new(En.Replace(place, value, StringComparison.Ordinal), Es.Replace(place, value, StringComparison.Ordinal));
}

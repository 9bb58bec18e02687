namespace HmsMesh.Claims.Decisions;

/// <summary>What a decision means to the citizen, in English and Spanish.</summary>
public sealed record Explanation(string En, string Es)
{
    internal Explanation With(string place, string value) =>
        new(En.Replace(place, value, StringComparison.Ordinal), Es.Replace(place, value, StringComparison.Ordinal));
}

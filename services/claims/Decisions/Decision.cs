namespace HmsMesh.Claims.Decisions;

/// <summary>What the rules say of a claim.</summary>
/// <param name="Approved">Whether it is paid.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Explanation">What that means.</param>
/// <param name="Amount">Dollars, where it is approved.</param>
/// <param name="Version">Of the rules.</param>
internal sealed record Decision(bool Approved, string Rule, Explanation Explanation, decimal? Amount, string Version);

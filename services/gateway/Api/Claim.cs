namespace HmsMesh.Gateway.Api;

/// <summary>A claim and what became of it.</summary>
/// <param name="ClaimId">Its id.</param>
/// <param name="Status">submitted, approved, denied, paid or payment-failed.</param>
/// <param name="Amount">Dollars, where it was approved.</param>
/// <param name="Rule">The rule that decided it.</param>
/// <param name="Explanation">What its present state means to the citizen.</param>
/// <param name="Veteran">Whether the citizen is a veteran.</param>
/// <param name="Document">The address of the document that was attached.</param>
/// <param name="Steps">What happened so far.</param>
internal sealed record Claim(
    string ClaimId, string Status, decimal? Amount, string? Rule, Text? Explanation, bool Veteran, string? Document, IReadOnlyList<ClaimStep> Steps);

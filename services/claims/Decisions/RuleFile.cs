namespace HmsMesh.Claims.Decisions;

/// <summary>rules/unemployment.json.</summary>
/// <param name="Version">Kept with each decision.</param>
/// <param name="Title">For its readers.</param>
/// <param name="Amount">What an approved claim is paid, in dollars.</param>
/// <param name="Rules">Each denies; the first that applies decides.</param>
/// <param name="Otherwise">What is said where none applies: the claim is approved.</param>
internal sealed record RuleFile(string Version, string Title, decimal Amount, IReadOnlyList<Rule> Rules, Approval Otherwise);

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>An event of the log.</summary>
/// <param name="Amount">In dollars, where it has one.</param>
/// <param name="At">When it was said, in Unix milliseconds.</param>
internal sealed record SaidEvent(string Topic, string Source, string Id, string ClaimId, string Citizen, decimal? Amount, long At);

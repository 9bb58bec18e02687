namespace HmsMesh.Cli.Chaos.Payout;

/// <param name="Day">In whose file it is.</param>
/// <param name="Trace">Its number there.</param>
internal sealed record PaymentRow(string Id, string ClaimId, string Citizen, long Cents, string Status, string Day, long Trace, long Approvals, long Attempts);

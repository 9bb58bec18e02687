namespace HmsMesh.Cli.Chaos.Payout;

internal sealed record ClaimRow(string Id, string Citizen, string Key, bool IsApproved, long Cents, string Rule);

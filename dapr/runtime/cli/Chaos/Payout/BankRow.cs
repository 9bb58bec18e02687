namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>A credit in the bank's own ledger.</summary>
internal sealed record BankRow(string Key, long Cents, string Day, bool IsReturned);

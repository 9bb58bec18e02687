namespace HmsMesh.Cli.Chaos.Payout;

internal sealed record JournalRow(string PaymentId, string Memo, string Debit, string Credit, long Cents);

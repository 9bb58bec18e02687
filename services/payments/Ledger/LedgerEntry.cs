namespace HmsMesh.Payments.Ledger;

/// <summary>One side of a posting.</summary>
internal sealed record LedgerEntry(string Id, DateTimeOffset At, string Account, long DebitCents, long CreditCents, string PaymentId, string Memo);

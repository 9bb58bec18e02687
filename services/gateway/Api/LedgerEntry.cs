namespace HmsMesh.Gateway.Api;

/// <summary>One line of the ledger, in cents.</summary>
internal sealed record LedgerEntry(string Id, DateTimeOffset At, string Account, long DebitCents, long CreditCents, string PaymentId, string Memo);

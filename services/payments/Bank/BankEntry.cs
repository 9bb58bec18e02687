namespace HmsMesh.Payments.Bank;

/// <summary>An entry that the bank says it took.</summary>
internal sealed record BankEntry(string? Key, long AmountCents, string? Day);

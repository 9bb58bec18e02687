namespace HmsMesh.Payments.Bank;

/// <summary>An entry that came back to the bank.</summary>
internal sealed record BankReturn(long Number, string? Key, long AmountCents, string? Code);

namespace HmsMesh.Bank.Returns;

/// <summary>An entry that came back.</summary>
/// <param name="Number">Counts the returns, from 1.</param>
/// <param name="Key">The idempotency key of the entry.</param>
/// <param name="AmountCents">What comes back.</param>
/// <param name="Code">The reason, such as R01: insufficient funds.</param>
internal sealed record ReturnedEntry(long Number, string Key, long AmountCents, string Code);

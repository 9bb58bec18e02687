namespace HmsMesh.Bank.Entries;

/// <summary>An entry as the bank's customers see it.</summary>
/// <param name="Key">The idempotency key that it was ordered under.</param>
/// <param name="AmountCents">What was credited.</param>
/// <param name="Day">The day in whose file it is.</param>
/// <param name="TakenAt">When it was taken.</param>
/// <param name="ReturnCode">Why it came back; null where it didn't.</param>
internal sealed record EntryView(string Key, long AmountCents, string Day, DateTimeOffset TakenAt, string? ReturnCode);

namespace HmsMesh.Bank.Ledger;

/// <summary>What the bank took on a day.</summary>
internal sealed record LedgerDay
{
    public string Day { get; init; } = "";

    public long Entries { get; init; }

    public long AmountCents { get; init; }
}

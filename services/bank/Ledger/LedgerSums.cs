namespace HmsMesh.Bank.Ledger;

/// <summary>The sums over all entries.</summary>
internal sealed record LedgerSums
{
    public long Entries { get; init; }

    public long CreditedCents { get; init; }

    public long Returns { get; init; }

    public long ReturnedCents { get; init; }

    public long Doubles { get; init; }
}

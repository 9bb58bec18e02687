namespace HmsMesh.Payments.Ledger;

/// <summary>A row of the journal: a debit and a credit of the same amount.</summary>
internal sealed record JournalRow
{
    public string Id { get; init; } = "";

    public long At { get; init; }

    public string Debit { get; init; } = "";

    public string Credit { get; init; } = "";

    public long Cents { get; init; }

    public string PaymentId { get; init; } = "";

    public string Memo { get; init; } = "";

    public IEnumerable<LedgerEntry> Entries
    {
        get
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(At);
            yield return new(Id + "-d", at, Debit, Cents, 0, PaymentId, Memo);
            yield return new(Id + "-c", at, Credit, 0, Cents, PaymentId, Memo);
        }
    }
}

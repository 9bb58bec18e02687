namespace HmsMesh.Payments.Ledger;

/// <summary>Debits less credits of an account.</summary>
internal sealed record AccountSum
{
    public string Account { get; init; } = "";

    public long Cents { get; init; }
}

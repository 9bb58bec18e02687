namespace HmsMesh.Payments.Ledger;

/// <summary>An account as it was booked, and as it must be.</summary>
internal sealed record AccountSum
{
    public string Account { get; init; } = "";

    /// <summary>Debits less credits.</summary>
    public long Cents { get; init; }

    /// <summary>What the payments come to that stand where this account tells of.</summary>
    public long DueCents { get; init; }
}

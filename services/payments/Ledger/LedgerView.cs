namespace HmsMesh.Payments.Ledger;

/// <summary>The ledger: some of its entries, the latest first, and the balances over all.</summary>
/// <param name="Entries">Debits and credits in pairs.</param>
/// <param name="Balances">Debits less credits of each account, in cents.</param>
/// <param name="Balanced">Whether they come to nothing together, as they must.</param>
/// <param name="Total">How many entries there are.</param>
internal sealed record LedgerView(IReadOnlyList<LedgerEntry> Entries, IReadOnlyDictionary<string, long> Balances, bool Balanced, long Total);

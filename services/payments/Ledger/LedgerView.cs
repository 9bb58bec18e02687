namespace HmsMesh.Payments.Ledger;

/// <summary>The ledger: some of its entries, the latest first, and the balances over all.</summary>
/// <param name="Entries">Debits and credits in pairs.</param>
/// <param name="Balances">Debits less credits of each account, in cents.</param>
/// <param name="Balanced">Whether each account is what the payments come to: pending those that wait, bank those sent, returns those that
/// came back, obligations all but the refused.</param>
/// <param name="Total">How many entries there are.</param>
internal sealed record LedgerView(IReadOnlyList<LedgerEntry> Entries, IReadOnlyDictionary<string, long> Balances, bool Balanced, long Total);

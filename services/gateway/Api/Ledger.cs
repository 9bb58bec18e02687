namespace HmsMesh.Gateway.Api;

/// <summary>The ledger of payments, double entry.</summary>
internal sealed record Ledger(IReadOnlyList<LedgerEntry> Entries, IReadOnlyDictionary<string, long> Balances, bool Balanced);

namespace HmsMesh.Bank.Ledger;

/// <summary>The sums of the bank's ledger.</summary>
/// <param name="Mode">How the bank behaves.</param>
/// <param name="Entries">All entries that it took.</param>
/// <param name="CreditedCents">What it credited for them.</param>
/// <param name="Returns">Those that came back.</param>
/// <param name="ReturnedCents">What came back with them.</param>
/// <param name="Doubles">Entries beyond the first under one key: money that was paid twice.</param>
/// <param name="Days">By day, the latest first.</param>
internal sealed record LedgerView(
    string Mode, long Entries, long CreditedCents, long Returns, long ReturnedCents, long Doubles, IReadOnlyList<LedgerDay> Days);

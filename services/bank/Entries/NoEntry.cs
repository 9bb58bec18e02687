namespace HmsMesh.Bank.Entries;

/// <summary>The bank's word that it has no entry under the key.</summary>
internal sealed record NoEntry(string Key);

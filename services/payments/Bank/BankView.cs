using System.Text.Json;

namespace HmsMesh.Payments.Bank;

/// <summary>The bank's mode, and what its own ledger comes to.</summary>
internal sealed record BankView(string? Mode, JsonElement Ledger);

namespace HmsMesh.Payments.Payees;

/// <summary>The vault's key cannot be had.</summary>
public sealed class VaultUnavailableException(string reason, Exception? cause) : Exception(reason, cause);

namespace HmsMesh.Payments.Bank;

/// <summary>The bank gave no answer that says what it did.</summary>
public sealed class BankException(string reason) : Exception(reason);

namespace HmsMesh.Payments.Bank;

/// <summary>What the bank is to credit.</summary>
internal sealed record BankOrder(string Holder, string Routing, string Account, string Kind, long AmountCents)
{
    public override string ToString() => nameof(BankOrder);
}

namespace HmsMesh.Payments.Payees;

/// <summary>Where a citizen's money goes. Never logged, never in an event: its text says nothing.</summary>
internal sealed record Payee(string Holder, string Routing, string Account, string Kind)
{
    public const string Checking = "checking";
    public const string Savings = "savings";

    public override string ToString() => nameof(Payee);
}

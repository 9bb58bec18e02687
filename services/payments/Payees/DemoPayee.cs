namespace HmsMesh.Payments.Payees;

/// <summary>A fictional payee of a demo account.</summary>
internal sealed record DemoPayee(string Citizen, string Holder, string Routing, string Account, string Kind)
{
    public Payee Payee => new(Holder, Routing, Account, Kind);
}

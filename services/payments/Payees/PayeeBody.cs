namespace HmsMesh.Payments.Payees;

/// <summary>A payee as the citizen gives it.</summary>
internal sealed record PayeeBody(string? Holder, string? Routing, string? Account, string? Kind)
{
    private const int LongestHolder = 60;
    private const int ShortestAccount = 4;
    private const int LongestAccount = 17;

    public Payee Payee => new(Holder!.Trim(), Routing!, Account!, Kind!);

    /// <summary>What is wrong, by field, in words for the citizen; what was typed is not repeated.</summary>
    public IDictionary<string, string[]> Faults()
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (Holder?.Trim() is not { Length: > 0 and <= LongestHolder } holder || holder.Any(char.IsControl))
            faults["holder"] = [$"Enter the name on the account, up to {LongestHolder} characters."];
        if (Routing is not { Length: RoutingNumber.Digits } || !Routing.All(char.IsAsciiDigit))
            faults["routing"] = ["Enter the 9 digits of the routing number; it is at the bottom left of a check."];
        else if (!RoutingNumber.IsValid(Routing))
            faults["routing"] = ["This is no routing number: check the digits."];
        if (Account is not { Length: >= ShortestAccount and <= LongestAccount } || !Account.All(char.IsAsciiDigit))
            faults["account"] = [$"Enter the account number, {ShortestAccount} to {LongestAccount} digits."];
        if (Kind is not (Payee.Checking or Payee.Savings))
            faults["kind"] = ["Choose a checking or a savings account."];
        return faults;
    }

    public override string ToString() => nameof(PayeeBody);
}

namespace HmsMesh.Payments.Ledger;

/// <summary>What happens to a payment, as a debit and a credit.</summary>
/// <param name="Memo">What it is for.</param>
/// <param name="Debit">The account that is debited.</param>
/// <param name="Credit">The account that is credited.</param>
internal sealed record Posting(string Memo, string Debit, string Credit)
{
    public const string Obligations = "obligations";
    public const string Pending = "pending";
    public const string Bank = "bank";
    public const string Returns = "returns";

    /// <summary>The claim is owed, and waits to be paid.</summary>
    public static readonly Posting Approved = new("approved", Obligations, Pending);

    /// <summary>The bank paid it.</summary>
    public static readonly Posting Sent = new("sent", Pending, Bank);

    /// <summary>The bank did not take it: nothing waits any more.</summary>
    public static readonly Posting Refused = new("refused", Pending, Obligations);

    /// <summary>The money is at the bank again, and owed to the citizen still.</summary>
    public static readonly Posting Returned = new("returned", Bank, Returns);

    public static readonly string[] Accounts = [Obligations, Pending, Bank, Returns];
}

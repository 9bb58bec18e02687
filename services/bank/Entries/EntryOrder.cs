using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HmsMesh.Bank.Entries;

/// <summary>A credit that a customer asks for.</summary>
internal sealed record EntryOrder(string? Holder, string? Routing, string? Account, string? Kind, long? AmountCents)
{
    public const int LongestHolder = 60;
    public const int LongestAccount = 17;

    /// <summary>The most that fits the amount field of the ACH format.</summary>
    public const long MostCents = 9_999_999_999;

    /// <summary>Tells whether a key is used for the same order again, without keeping name and number.</summary>
    public string Fingerprint => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{AmountCents}\n{Routing}\n{Account}\n{Kind}\n{Holder}"))));

    public string AccountEnding => Account![^4..];

    public IDictionary<string, string[]> Faults()
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (Holder is not { Length: > 0 and <= LongestHolder })
            faults["holder"] = [$"The holder has 1 to {LongestHolder} characters."];
        if (Routing is not { Length: 9 } || !Routing.All(char.IsAsciiDigit))
            faults["routing"] = ["A routing number has 9 digits."];
        if (Account is not { Length: >= 4 and <= LongestAccount } || !Account.All(char.IsAsciiDigit))
            faults["account"] = [$"An account number has 4 to {LongestAccount} digits."];
        if (Kind is not ("checking" or "savings"))
            faults["kind"] = ["The kind is checking or savings."];
        if (AmountCents is not (>= 1 and <= MostCents))
            faults["amountCents"] = [$"The amount is 1 to {MostCents} cents."];
        return faults;
    }
}

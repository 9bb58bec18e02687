namespace HmsMesh.Payments.Payments;

/// <summary>Cents inside, dollars in contracts and answers.</summary>
internal static class Money
{
    /// <summary>A million dollars: more is no unemployment benefit.</summary>
    public const long MostCents = 100_000_000;

    /// <summary>Null where the amount is no whole number of cents that may be paid.</summary>
    public static long? Cents(decimal dollars)
    {
        if (dollars is <= 0 or > MostCents / 100)
            return null;
        var cents = dollars * 100;
        return decimal.IsInteger(cents) ? (long)cents : null;
    }

    /// <summary>With two decimals: 600.00.</summary>
    public static decimal Dollars(long cents) => cents * 0.01m;
}

namespace HmsMesh.Payments.Payments;

/// <summary>Where a payment is, as the database and the API write it.</summary>
internal static class PaymentStatus
{
    /// <summary>The citizen has not said where to.</summary>
    public const string WaitingForPayee = "waiting-for-payee";

    /// <summary>The bank was not told yet.</summary>
    public const string Pending = "pending";

    /// <summary>The bank may have been told; only it knows.</summary>
    public const string Sending = "sending";

    /// <summary>The bank tells of it what we never said; a person has to look.</summary>
    public const string Held = "held";

    /// <summary>The bank took the entry.</summary>
    public const string Sent = "sent";

    /// <summary>The bank did not take the entry.</summary>
    public const string Refused = "refused";

    /// <summary>The entry came back.</summary>
    public const string Returned = "returned";

    /// <summary>What GET /payments/waiting lists.</summary>
    public static readonly string[] Waiting = [WaitingForPayee, Pending, Sending, Held];

    public static readonly string[] All = [.. Waiting, Sent, Refused, Returned];
}

namespace HmsMesh.Payments.Incidents;

/// <summary>What must not happen.</summary>
internal static class IncidentKind
{
    public const string BadAmount = "bad-amount";
    public const string OtherAmount = "other-amount";
    public const string OtherCitizen = "other-citizen";
    public const string BankDiffers = "bank-differs";
    public const string UnknownReturn = "unknown-return";
    public const string UnreadablePayee = "unreadable-payee";
}

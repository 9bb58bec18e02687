namespace HmsMesh.Payments.Ach;

/// <summary>Who sends the file, and to which bank.</summary>
internal static class AchOrigin
{
    public const string BankRouting = "091000019";
    public const string BankName = "HMS DEMO BANK";
    public const string CompanyName = "HMS PAYMENTS";
    public const string CompanyId = "9000000001";
    public const string Description = "UI BENEFIT";
}

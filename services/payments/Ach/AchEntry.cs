using HmsMesh.Payments.Payees;

namespace HmsMesh.Payments.Ach;

/// <summary>A credit in an ACH file.</summary>
/// <param name="Payee">Who gets it.</param>
/// <param name="Cents">How much.</param>
/// <param name="Identification">What the payee's bank shows: 15 characters of the payment's id.</param>
/// <param name="Number">Its place in the day's file, from 1.</param>
internal sealed record AchEntry(Payee Payee, long Cents, string Identification, long Number)
{
    /// <summary>Of a payment's id the end: its beginning is the time.</summary>
    public static string IdentificationOf(string paymentId)
    {
        var id = paymentId.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
        return id.Length <= 15 ? id : id[^15..];
    }
}

namespace HmsMesh.Claims.Filing;

/// <summary>The states of a claim, which are the names of its steps too.</summary>
internal static class Status
{
    public const string Submitted = "submitted";
    public const string Approved = "approved";
    public const string Denied = "denied";
    public const string Paid = "paid";
    public const string PaymentFailed = "payment-failed";
}

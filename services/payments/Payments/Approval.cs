namespace HmsMesh.Payments.Payments;

/// <summary>An approval, whichever version of the event brought it. Cents are null where the event's amount is none that may be paid.</summary>
/// <param name="Version">1 or 2: the two are said side by side, so that hearing both is no second approval.</param>
internal sealed record Approval(string ClaimId, string Citizen, long? Cents, int Version);

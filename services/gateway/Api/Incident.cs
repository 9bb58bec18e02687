namespace HmsMesh.Gateway.Api;

/// <summary>Something that must not happen, and did.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When.</param>
/// <param name="Kind">bad-amount, other-amount, other-citizen, bank-differs, unknown-return or unreadable-payee.</param>
/// <param name="ClaimId">Of which claim, where it is known.</param>
/// <param name="PaymentId">Of which payment, where it is known.</param>
/// <param name="Detail">What happened.</param>
/// <param name="Cents">Our amount, where it is about amounts.</param>
/// <param name="OtherCents">The one that came.</param>
internal sealed record Incident(
    string Id, DateTimeOffset At, string Kind, string? ClaimId, string? PaymentId, string Detail, long? Cents, long? OtherCents);

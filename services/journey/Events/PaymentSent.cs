namespace HmsMesh.Journey.Events;

/// <summary>payment.sent, as far as this service reads it. Whose claim it is, the claim's own events tell.</summary>
public sealed record PaymentSent(string ClaimId, decimal Amount);

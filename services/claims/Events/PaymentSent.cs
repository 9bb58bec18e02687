namespace HmsMesh.Claims.Events;

/// <summary>payment.sent, as far as this service reads it.</summary>
public sealed record PaymentSent(string ClaimId, decimal Amount);

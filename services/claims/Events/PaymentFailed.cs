namespace HmsMesh.Claims.Events;

/// <summary>payment.failed, as far as this service reads it.</summary>
public sealed record PaymentFailed(string ClaimId, decimal Amount);

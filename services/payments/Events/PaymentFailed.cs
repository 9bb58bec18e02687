namespace HmsMesh.Payments.Events;

/// <summary>payment.failed: the bank refused the entry, or it came back after it was sent.</summary>
public sealed record PaymentFailed(string ClaimId, decimal Amount, string Reason, string? Code, string? Citizen, string? PaymentId);

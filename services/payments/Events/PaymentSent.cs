namespace HmsMesh.Payments.Events;

/// <summary>payment.sent: the bank took the entry into today's file.</summary>
public sealed record PaymentSent(string ClaimId, decimal Amount, string? Citizen, string? PaymentId);

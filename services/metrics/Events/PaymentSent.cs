namespace HmsMesh.Metrics.Events;

/// <summary>payment.sent, as far as this service reads it: when it was said is what counts.</summary>
public sealed record PaymentSent(string ClaimId);

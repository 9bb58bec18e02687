namespace HmsMesh.Metrics.Events;

/// <summary>payment.sent, as far as this service reads it: when it was said, and whether it is over what was approved.</summary>
public sealed record PaymentSent(string ClaimId, decimal Amount);

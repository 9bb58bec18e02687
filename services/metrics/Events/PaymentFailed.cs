namespace HmsMesh.Metrics.Events;

/// <summary>payment.failed, as far as this service reads it: when it was said is what counts.</summary>
public sealed record PaymentFailed(string ClaimId);

namespace HmsMesh.Metrics.Events;

/// <summary>claim.approved, as far as this service reads it: a payment counts if it is over this amount.</summary>
public sealed record ClaimApproved(string ClaimId, decimal Amount);

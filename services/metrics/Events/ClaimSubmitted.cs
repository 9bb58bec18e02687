namespace HmsMesh.Metrics.Events;

/// <summary>claim.submitted, as far as this service reads it: when it was said is what counts.</summary>
public sealed record ClaimSubmitted(string ClaimId);

namespace HmsMesh.Journey.Events;

/// <summary>claim.submitted, as far as this service reads it.</summary>
public sealed record ClaimSubmitted(string ClaimId, string Citizen);

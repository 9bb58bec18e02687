namespace HmsMesh.Journey.Events;

/// <summary>claim.approved, as far as this service reads it.</summary>
public sealed record ClaimApproved(string ClaimId, string Citizen, decimal Amount);

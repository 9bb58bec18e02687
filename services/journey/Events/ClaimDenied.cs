namespace HmsMesh.Journey.Events;

/// <summary>claim.denied, as far as this service reads it.</summary>
public sealed record ClaimDenied(string ClaimId, string Citizen);

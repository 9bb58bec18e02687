namespace HmsMesh.Claims.Events;

/// <summary>claim.submitted: a claim is saved.</summary>
public sealed record ClaimSubmitted(string ClaimId, string Citizen, bool Veteran);

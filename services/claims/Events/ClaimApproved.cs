namespace HmsMesh.Claims.Events;

/// <summary>claim.approved: this amount, in dollars, is owed to the citizen.</summary>
public sealed record ClaimApproved(string ClaimId, string Citizen, decimal Amount, bool Veteran);

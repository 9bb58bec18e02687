namespace HmsMesh.Payments.Events;

/// <summary>claim.approved: the rules allow the claim, so it is to be paid.</summary>
public sealed record ClaimApproved(string ClaimId, string Citizen, decimal Amount);

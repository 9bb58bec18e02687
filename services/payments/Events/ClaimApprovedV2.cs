namespace HmsMesh.Payments.Events;

/// <summary>claim.approved.v2: what claim.approved says, the amount in whole cents.</summary>
public sealed record ClaimApprovedV2(string ClaimId, string Citizen, long AmountCents);

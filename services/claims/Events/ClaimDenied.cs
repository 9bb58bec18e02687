using HmsMesh.Claims.Decisions;

namespace HmsMesh.Claims.Events;

/// <summary>claim.denied: the rule that decided it, and what that means to the citizen.</summary>
public sealed record ClaimDenied(string ClaimId, string Citizen, string Rule, Explanation Explanation);

namespace HmsMesh.Gateway.Api;

/// <summary>A mail that a citizen was sent.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When.</param>
/// <param name="Kind">claim-denied or payment-sent.</param>
/// <param name="ClaimId">What it is about.</param>
/// <param name="Text">What it says.</param>
internal sealed record Message(string Id, DateTimeOffset At, string Kind, string ClaimId, Text Text);

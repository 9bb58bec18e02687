namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>A claim that the gateway has answered 201.</summary>
/// <param name="Key">Its Idempotency-Key.</param>
/// <param name="Rule">The rule that must decide it.</param>
/// <param name="FirstSentAt">When the form was sent for the first time, in Unix milliseconds.</param>
/// <param name="SentAgain">How often it was sent again before it was answered.</param>
internal sealed record PostedClaim(string Key, string ClaimId, string Rule, bool IsApproved, long FirstSentAt, int SentAgain);

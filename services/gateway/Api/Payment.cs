namespace HmsMesh.Gateway.Api;

/// <summary>A payment as staff see it.</summary>
/// <param name="PaymentId">Its id, under which the bank knows it.</param>
/// <param name="ClaimId">The claim that it pays.</param>
/// <param name="Citizen">The citizen's opaque id.</param>
/// <param name="Amount">Dollars.</param>
/// <param name="Status">waiting-for-payee, pending, sending, held, sent, refused or returned.</param>
/// <param name="Attempts">How often it was sent to the bank.</param>
/// <param name="CreatedAt">When the claim's approval came.</param>
/// <param name="HeldFor">The incident for which it is held.</param>
/// <param name="HeldAt">Since when it is.</param>
internal sealed record Payment(
    string PaymentId, string ClaimId, string Citizen, decimal Amount, string Status, long Attempts, DateTimeOffset CreatedAt, string? HeldFor, DateTimeOffset? HeldAt);

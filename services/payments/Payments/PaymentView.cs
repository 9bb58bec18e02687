namespace HmsMesh.Payments.Payments;

/// <summary>A payment as staff see it.</summary>
internal sealed record PaymentView(
    string PaymentId,
    string ClaimId,
    string Citizen,
    decimal Amount,
    string Status,
    long Approvals,
    long Attempts,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SentAt,
    DateTimeOffset? FailedAt,
    string? Day,
    string? Code,
    string? HeldFor,
    DateTimeOffset? HeldAt);

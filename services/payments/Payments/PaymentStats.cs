namespace HmsMesh.Payments.Payments;

/// <summary>How things stand.</summary>
/// <param name="Payments">By status.</param>
/// <param name="SecondApprovals">Approvals beyond the first of a claim, of the same amount.</param>
/// <param name="Incidents">What must not happen, and did.</param>
internal sealed record PaymentStats(IReadOnlyDictionary<string, long> Payments, long SecondApprovals, long Incidents);

namespace HmsMesh.Payments.Incidents;

/// <summary>Something that must not happen, and did. The text holds no personal data.</summary>
/// <param name="Kind">See <see cref="IncidentKind"/>.</param>
/// <param name="ClaimId">Of which claim, where it is known.</param>
/// <param name="PaymentId">Of which payment, where it is known.</param>
/// <param name="Detail">What happened.</param>
/// <param name="Cents">Our amount, where it is about amounts.</param>
/// <param name="OtherCents">The one that came.</param>
internal sealed record Incident(string Kind, string? ClaimId, string? PaymentId, string Detail, long? Cents = null, long? OtherCents = null);

namespace HmsMesh.Payments.Incidents;

/// <summary>Something that must not happen, and did. The text holds no personal data.</summary>
internal sealed record Incident(string Kind, string? ClaimId, string? PaymentId, string Detail);

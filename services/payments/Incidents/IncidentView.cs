namespace HmsMesh.Payments.Incidents;

/// <summary>An incident as staff see it.</summary>
internal sealed record IncidentView(string Id, DateTimeOffset At, string Kind, string? ClaimId, string? PaymentId, string Detail, long? Cents, long? OtherCents);

namespace HmsMesh.Payments.Incidents;

/// <summary>An incident as it was kept.</summary>
internal sealed record IncidentRow
{
    public string Id { get; init; } = "";

    public long At { get; init; }

    public string Kind { get; init; } = "";

    public string? ClaimId { get; init; }

    public string? PaymentId { get; init; }

    public string Detail { get; init; } = "";

    public long? Cents { get; init; }

    public long? OtherCents { get; init; }

    public IncidentView View => new(Id, DateTimeOffset.FromUnixTimeMilliseconds(At), Kind, ClaimId, PaymentId, Detail, Cents, OtherCents);
}

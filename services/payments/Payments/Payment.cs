using HmsMesh.Contracts;

namespace HmsMesh.Payments.Payments;

/// <summary>The payment of a claim.</summary>
internal sealed record Payment
{
    public string Id { get; init; } = "";

    public string ClaimId { get; init; } = "";

    public string Citizen { get; init; } = "";

    public long Cents { get; init; }

    public string Status { get; init; } = "";

    public long Approvals { get; init; }

    public long Attempts { get; init; }

    public string? Sealed { get; init; }

    public long LeasedUntil { get; init; }

    public long CreatedAt { get; init; }

    public long? SentAt { get; init; }

    public long? FailedAt { get; init; }

    public string? Day { get; init; }

    public long? TraceNumber { get; init; }

    public string? Code { get; init; }

    /// <summary>The incident for which it is held; null where it is not.</summary>
    public string? HeldFor { get; init; }

    public long? HeldAt { get; init; }

    public string Cause { get; init; } = "";

    public string? Correlation { get; init; }

    public string? TraceParent { get; init; }

    public decimal Amount => Money.Dollars(Cents);

    /// <summary>The event that it was made for, as far as what is said later needs it.</summary>
    public CloudEvent CauseEvent => new()
    {
        Id = Cause,
        Source = "",
        Type = "",
        CorrelationId = Correlation,
        TraceParent = TraceParent,
    };

    public PaymentView View => new(
        Id, ClaimId, Citizen, Amount, Status, Approvals, Attempts, Time(CreatedAt)!.Value, Time(SentAt), Time(FailedAt), Day, Code, HeldFor, Time(HeldAt));

    private static DateTimeOffset? Time(long? at) => at is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;
}

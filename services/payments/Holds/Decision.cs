namespace HmsMesh.Payments.Holds;

/// <summary>A decision as it was kept.</summary>
internal sealed record Decision
{
    public string Id { get; init; } = "";

    public string PaymentId { get; init; } = "";

    /// <summary>Unix milliseconds.</summary>
    public long At { get; init; }

    /// <summary>The opaque id of who decided.</summary>
    public string Actor { get; init; } = "";

    public string Kind { get; init; } = "";

    /// <summary>The incident for which it was held.</summary>
    public string? HeldFor { get; init; }

    public DecisionView View => new(PaymentId, Kind, Actor, DateTimeOffset.FromUnixTimeMilliseconds(At), HeldFor);
}

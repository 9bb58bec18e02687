using HmsMesh.Claims.Decisions;

namespace HmsMesh.Claims.Filing;

/// <summary>A claim as it was decided.</summary>
internal sealed record Claim
{
    public string Id { get; init; } = "";

    public string Citizen { get; init; } = "";

    public string Fingerprint { get; init; } = "";

    public bool Veteran { get; init; }

    /// <summary>Where the document service has what the citizen attached.</summary>
    public string? Document { get; init; }

    /// <summary>Unix milliseconds, as all times here.</summary>
    public long SubmittedAt { get; init; }

    public long DecidedAt { get; init; }

    public bool Approved { get; init; }

    public long? AmountCents { get; init; }

    public string RuleId { get; init; } = "";

    public string ExplanationEn { get; init; } = "";

    public string ExplanationEs { get; init; } = "";

    public Explanation Explanation => new(ExplanationEn, ExplanationEs);

    /// <summary>Whether a payment of this amount is one of this claim.</summary>
    public bool IsOwed(long cents) => Approved && AmountCents == cents;
}

namespace HmsMesh.Gateway.Idempotency;

/// <summary>A key that was used: by what, and with which answer.</summary>
internal sealed record AnswerRow
{
    public string Fingerprint { get; init; } = "";

    public string Owner { get; init; } = "";

    public string TakenAt { get; init; } = "";

    /// <summary>Null while the first request is under way.</summary>
    public string? Sealed { get; init; }
}

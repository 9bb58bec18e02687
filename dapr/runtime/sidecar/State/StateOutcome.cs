namespace HmsMesh.Sidecar.State;

/// <summary>What became of a change; a failure is a value with its reason.</summary>
public readonly record struct StateOutcome(StateOutcomeKind Kind, string? Problem = null)
{
    public static StateOutcome Applied { get; } = new(StateOutcomeKind.Applied);

    /// <summary>Not tried, since another change of the same transaction failed.</summary>
    public static StateOutcome Skipped { get; } = new(StateOutcomeKind.Skipped);

    /// <summary>Another version is there than the one asked for.</summary>
    public static StateOutcome Mismatch(string problem) => new(StateOutcomeKind.ETagMismatch, problem);

    public static StateOutcome Failed(string problem) => new(StateOutcomeKind.Failed, problem);
}

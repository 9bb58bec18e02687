namespace HmsMesh.Claims.Decisions;

/// <summary>A reason to deny: it applies where all its conditions hold.</summary>
internal sealed record Rule(string Id, IReadOnlyList<Condition> When, Explanation Explanation);

namespace HmsMesh.Claims.Decisions;

/// <summary>The outcome where no rule denies.</summary>
internal sealed record Approval(string Id, Explanation Explanation);

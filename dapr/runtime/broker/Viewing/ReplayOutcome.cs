namespace HmsMesh.Broker;

/// <param name="Offset">What the replay got.</param>
/// <param name="Cause">Why it failed or died.</param>
public sealed record ReplayOutcome(long Offset, ReplayState State, int Tries = 0, string? Cause = null);

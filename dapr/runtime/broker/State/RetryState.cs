namespace HmsMesh.Broker.State;

/// <summary>An event that failed: how often, when it is due again (UTC ticks), why, and the first try's trace.</summary>
internal sealed record RetryState(long Offset, int Tries, long Due, string? Cause, string? FirstTrace);

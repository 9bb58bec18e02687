namespace HmsMesh.Sidecar.Resiliency;

/// <summary>The policies that a target names; empty: none.</summary>
internal sealed record PolicyNames(string Timeout, string Retry, string CircuitBreaker);

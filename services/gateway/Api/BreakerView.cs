namespace HmsMesh.Gateway.Api;

/// <summary>The breaker before the bank.</summary>
internal sealed record BreakerView(string State, int Failures, double? OpensFor);

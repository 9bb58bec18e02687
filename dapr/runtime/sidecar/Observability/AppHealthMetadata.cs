namespace HmsMesh.Sidecar.Observability;

/// <summary>The app health check as the metadata shows it; durations in Go's form.</summary>
internal sealed record AppHealthMetadata(string Path, TimeSpan Interval, TimeSpan Timeout, int Threshold);

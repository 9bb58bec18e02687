namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>One figure of one sidecar.</summary>
/// <param name="Value">In the row's unit.</param>
/// <param name="OfReference">The value as a multiple of the row's reference, which was measured in the same run.</param>
/// <param name="P50Ms">Median of single calls, where there are any.</param>
/// <param name="P99Ms">99th percentile of single calls.</param>
/// <param name="CpuMicroseconds">CPU that the sidecars used for each call or event.</param>
/// <param name="Bad">Calls that failed, and events that did not arrive.</param>
internal sealed record BenchCell(double Value, double OfReference, double? P50Ms = null, double? P99Ms = null, double? CpuMicroseconds = null, int Bad = 0);

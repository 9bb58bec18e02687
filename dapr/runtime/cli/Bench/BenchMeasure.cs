namespace HmsMesh.Cli.Bench;

/// <summary>One measure: the first event's time, and how the others' spread.</summary>
internal sealed record BenchMeasure(string Name, double FirstMs, double? MedianMs, double? P99Ms, double? MaxMs);

namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>One measure: the reference, and each sidecar's figure.</summary>
/// <param name="Measure">Such as publish.</param>
/// <param name="Unit">Such as /s.</param>
/// <param name="Reference">What it is compared with.</param>
/// <param name="ReferenceValue">The reference's figure in the same unit.</param>
/// <param name="Cells">In the order of the report's sidecars.</param>
internal sealed record BenchRow(string Measure, string Unit, string Reference, double ReferenceValue, IReadOnlyList<BenchCell> Cells);

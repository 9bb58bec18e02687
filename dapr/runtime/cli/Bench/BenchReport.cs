namespace HmsMesh.Cli.Bench;

/// <summary>What `mesh bench afrh --json` prints.</summary>
/// <param name="Events">How many were accepted.</param>
/// <param name="Measures">Times from saying an event, in milliseconds.</param>
/// <param name="Missing">A sentence for each reaction that did not come.</param>
internal sealed record BenchReport(int Events, IReadOnlyList<BenchMeasure> Measures, IReadOnlyList<string> Missing);

namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>What `mesh bench --json` prints.</summary>
/// <param name="Sidecars">The commands that were measured.</param>
/// <param name="Connections">How many calls are under way at once.</param>
/// <param name="Seconds">How long each measure took.</param>
/// <param name="Rows">The measures.</param>
internal sealed record SidecarReport(IReadOnlyList<string> Sidecars, int Connections, double Seconds, IReadOnlyList<BenchRow> Rows);

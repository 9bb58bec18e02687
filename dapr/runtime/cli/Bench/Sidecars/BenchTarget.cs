namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>A sidecar to be measured.</summary>
/// <param name="Label">The column's head.</param>
/// <param name="Command">The command and its first arguments; daprd's flags are added.</param>
/// <param name="Component">The text of its pub/sub component, named pubsub; DIR in it is a fresh folder.</param>
internal sealed record BenchTarget(string Label, IReadOnlyList<string> Command, string Component);

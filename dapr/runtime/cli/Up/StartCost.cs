namespace HmsMesh.Cli.Up;

/// <summary>What it took a program to become healthy.</summary>
internal sealed record StartCost(TimeSpan Wall, TimeSpan Cpu);

namespace HmsMesh.Cli.Up;

/// <summary>What it took a program to become healthy.</summary>
internal readonly record struct StartCost(TimeSpan Wall, TimeSpan Cpu);

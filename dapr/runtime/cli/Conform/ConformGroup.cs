namespace HmsMesh.Cli.Conform;

/// <summary>The scenarios of a group, counted.</summary>
internal sealed record ConformGroup(string Name, int Scenarios, int AsRecorded, int SecondTry, int Differ, int Skipped);

namespace HmsMesh.Cli.Chaos;

/// <summary>One run of a chaos command.</summary>
/// <param name="Folder">Where it works.</param>
/// <param name="Json">Its counts are for a script.</param>
internal sealed record ChaosRun(MeshContext Context, ChaosFolder Folder, int Seed, bool Json);

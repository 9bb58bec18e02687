namespace HmsMesh.Cli.Test;

/// <param name="Quick">Leave out tests of the category Slow, and build as a user does, without analyzers.</param>
/// <param name="Projects">Folders below tests/; empty: all.</param>
/// <param name="Filter">A method name with wildcards, handed to the runner.</param>
internal sealed record TestOptions(string Root, bool Quick, IReadOnlyList<string> Projects, string? Filter)
{
    /// <summary>Everything that has a size is tried in full: MESH_LONG=1 tells the tests.</summary>
    public bool Long { get; init; }
}

namespace HmsMesh.Cli.Test;

/// <summary>One folder below tests/ that holds a test project.</summary>
/// <param name="Folder">Its name, such as broker.</param>
/// <param name="File">The project file.</param>
internal sealed record TestProject(string Folder, string File)
{
    public string AssemblyName => Path.GetFileNameWithoutExtension(File);

    /// <summary>Every test project is an executable of its own.</summary>
    public string Executable(string root, bool strict) => strict
        ? Path.Combine(root, "artifacts", "strict", "bin", AssemblyName, AssemblyName)
        : Path.Combine(Path.GetDirectoryName(File)!, "bin", AssemblyName);

    /// <summary>The projects below tests/, quickest to tell first: in the order of their names.</summary>
    public static IReadOnlyList<TestProject> Find(string root) =>
        [.. Directory.EnumerateDirectories(Path.Combine(root, "tests"))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.Tests.csproj"))
            .Select(file => new TestProject(Path.GetFileName(Path.GetDirectoryName(file)!), file))
            .OrderBy(p => p.Folder, StringComparer.Ordinal)];
}

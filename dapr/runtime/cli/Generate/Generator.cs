using HmsMesh.Cli.Generate.Lints;
using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Generate;

/// <summary>Reads the services, lints them, and tells what generated files differ; writes nothing itself.</summary>
internal static class Generator
{
    public static GeneratorResult Run(string root)
    {
        var problems = new List<Problem>();
        var mesh = MeshReader.Read(root, problems);
        if (mesh is not null)
            problems.AddRange(AllLints.Check(mesh));
        if (mesh is null || problems.Count > 0)
            return new GeneratorResult(mesh, [.. problems.OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line)], [], 0);
        var files = GeneratedTree.Make(mesh);
        return new GeneratorResult(mesh, [], GeneratedTree.Compare(root, files), files.Count);
    }
}

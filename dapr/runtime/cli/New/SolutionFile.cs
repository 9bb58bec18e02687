using System.Security.Cryptography;
using System.Text;

namespace HmsMesh.Cli.New;

/// <summary>HmsMesh.sln, in the classic format: adds a project below a solution folder.</summary>
internal sealed class SolutionFile(string path)
{
    private const string FolderKind = "{2150E333-8FDC-42A3-9474-1A3956D46DE8}";
    private const string ProjectKind = "{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}";
    private const string Projects = "GlobalSection(ProjectConfigurationPlatforms) = postSolution";
    private const string Nested = "GlobalSection(NestedProjects) = preSolution";
    private static readonly string[] Configurations = ["Debug", "Release"];
    private static readonly string[] Platforms = ["Any CPU", "x64", "x86"];

    private readonly List<string> _lines = [.. Read(path)];

    /// <summary>Does nothing where the project is there already.</summary>
    public void Add(string parent, string folder, string name, string project)
    {
        var file = project.Replace('/', '\\');
        if (_lines.Any(line => line.Contains($"\"{file}\"", StringComparison.Ordinal)))
            return;
        var parentId = FolderId(parent);
        var (folderId, projectId) = (Id($"folder:{parent}/{folder}"), Id($"project:{project}"));
        _lines.InsertRange(
            _lines.IndexOf("Global"),
            [
                $"Project(\"{FolderKind}\") = \"{folder}\", \"{folder}\", \"{folderId}\"",
                "EndProject",
                $"Project(\"{ProjectKind}\") = \"{name}\", \"{file}\", \"{projectId}\"",
                "EndProject",
            ]);
        _lines.InsertRange(
            EndOf(Projects),
            from configuration in Configurations
            from platform in Platforms
            from what in new[] { "ActiveCfg", "Build.0" }
            select $"\t\t{projectId}.{configuration}|{platform}.{what} = {configuration}|Any CPU");
        _lines.InsertRange(EndOf(Nested), [$"\t\t{folderId} = {parentId}", $"\t\t{projectId} = {folderId}"]);
    }

    public void Save() => File.WriteAllText(path, string.Join('\n', _lines), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

    private static string[] Read(string path) => File.Exists(path)
        ? File.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n')
        : throw new MeshException($"{path} is missing; take it from the repository's history.", ExitCode.Usage);

    /// <summary>The top folder of that name; "services" is a folder below tests as well.</summary>
    private string FolderId(string name)
    {
        var nested = _lines.Skip(_lines.FindIndex(line => line.Trim() == Nested)).Select(line => line.Trim().Split(" = ")[0]).ToHashSet(StringComparer.Ordinal);
        var start = $"Project(\"{FolderKind}\") = \"{name}\", \"{name}\", \"";
        return _lines.Where(line => line.StartsWith(start, StringComparison.Ordinal)).Select(line => line[start.Length..^1]).FirstOrDefault(id => !nested.Contains(id))
            ?? throw new MeshException($"{path} has no solution folder '{name}'; add the project by hand with 'dotnet sln add'.", ExitCode.Usage);
    }

    private int EndOf(string section)
    {
        var start = _lines.FindIndex(line => line.Trim() == section);
        return start < 0
            ? throw new MeshException($"{path} has no section '{section}'; is it a solution in the classic format?", ExitCode.Usage)
            : _lines.FindIndex(start, line => line.Trim() == "EndGlobalSection");
    }

    /// <summary>The same project has the same id in every clone.</summary>
    private static string Id(string what) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(what)).AsSpan(0, 16)).ToString("B").ToUpperInvariant();
}

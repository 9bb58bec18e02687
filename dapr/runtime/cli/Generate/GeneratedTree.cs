using HmsMesh.Cli.Generate.Files;
using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Generate;

/// <summary>Compares what generate makes with what lies in the clone, and writes the difference.</summary>
internal static class GeneratedTree
{
    private static readonly string[] Folders = ["components", "dapr"];

    public static IReadOnlyList<GeneratedFile> Make(MeshModel mesh) =>
        [.. EmbeddedFiles.Of(mesh).Concat(RedisFiles.Of(mesh)).Concat(DaprFiles.Of(mesh)).OrderBy(f => f.Path, StringComparer.Ordinal)];

    public static IReadOnlyList<Difference> Compare(string root, IReadOnlyList<GeneratedFile> files)
    {
        var differences = files.Select(file => Compare(root, file)).OfType<Difference>().ToList();
        var made = files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        differences.AddRange(Stale(root).Where(path => !made.Contains(path)).Select(path => new Difference(path, null, 1, "a file that generate made once and makes no more", "nothing")));
        return differences;
    }

    public static void Apply(string root, IEnumerable<Difference> differences)
    {
        foreach (var difference in differences)
        {
            try
            {
                Apply(Path.Combine(root, difference.Path), difference.Wanted);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                throw new MeshException($"{difference.Path} cannot be written: {refused.Message} Make the clone writable and run 'mesh generate' again.");
            }
        }
    }

    private static void Apply(string path, string? wanted)
    {
        if (wanted is null)
        {
            File.Delete(path);
            return;
        }

        // A reader, such as a sidecar that reloads, sees the old file or the new one.
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = path + ".new";
        File.WriteAllText(temporary, wanted);
        File.Move(temporary, path, overwrite: true);
    }

    private static Difference? Compare(string root, GeneratedFile file)
    {
        var path = Path.Combine(root, file.Path);
        if (!File.Exists(path))
            return new Difference(file.Path, file.Content, 1, "no file", file.Content.Split('\n')[0]);
        var found = File.ReadAllText(path);
        if (found == file.Content)
            return null;
        var (was, wanted) = (found.Split('\n'), file.Content.Split('\n'));
        var line = 0;
        while (line < was.Length && line < wanted.Length && was[line] == wanted[line])
            line++;
        return new Difference(file.Path, file.Content, line + 1, Line(was, line), Line(wanted, line));
    }

    private static string Line(string[] lines, int index) => index < lines.Length ? $"'{lines[index].Trim()}'" : "the end of the file";

    private static IEnumerable<string> Stale(string root) =>
        from folder in Folders
        let path = Path.Combine(root, folder)
        where Directory.Exists(path)
        from place in folder == "dapr" ? [path] : Directory.GetDirectories(path)
        from file in Directory.GetFiles(place, "*.yaml")
        where File.ReadLines(file).FirstOrDefault() == "# " + GeneratedFile.Header
        orderby file
        select Path.GetRelativePath(root, file).Replace('\\', '/');
}

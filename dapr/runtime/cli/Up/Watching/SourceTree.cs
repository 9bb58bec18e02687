namespace HmsMesh.Cli.Up.Watching;

/// <summary>What lies in the services' sources now: each file with its time and size, by its path in the clone. The launcher counts the same
/// files.</summary>
internal static class SourceTree
{
    private static readonly string[] Folders = [.. ServiceFolders.Tops, Path.Combine("dapr", "runtime", "sdk")];
    private static readonly string[] Files = ["Directory.Build.props", "Directory.Packages.props", "global.json"];

    public static IEnumerable<string> Watched(string root) => Folders.Select(folder => Path.Combine(root, folder)).Where(Directory.Exists);

    public static Dictionary<string, (long Time, long Size)> Read(string root)
    {
        var found = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        foreach (var file in Files.Select(name => new FileInfo(Path.Combine(root, name))).Where(file => file.Exists))
            Add(found, root, file);
        foreach (var folder in Watched(root))
            Walk(found, root, new DirectoryInfo(folder));
        return found;
    }

    /// <summary>What is new, other or gone.</summary>
    public static IReadOnlyList<string> Differences(
        IReadOnlyDictionary<string, (long Time, long Size)> before, IReadOnlyDictionary<string, (long Time, long Size)> now) =>
        [.. now.Where(file => !before.TryGetValue(file.Key, out var known) || known != file.Value).Select(file => file.Key)
            .Concat(before.Keys.Where(file => !now.ContainsKey(file)))
            .Order(StringComparer.Ordinal)];

    private static void Walk(Dictionary<string, (long, long)> found, string root, DirectoryInfo folder)
    {
        try
        {
            foreach (var entry in folder.EnumerateFileSystemInfos().Where(entry => entry.Name[0] != '.'))
            {
                if (entry is FileInfo file && file.Extension != ".md")
                    Add(found, root, file);
                else if (entry is DirectoryInfo { LinkTarget: null } inner && inner.Name is not ("bin" or "obj" or "node_modules"))
                    Walk(found, root, inner);
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // Moved away while it was read; what replaced it is seen the next time.
        }
    }

    private static void Add(Dictionary<string, (long, long)> found, string root, FileInfo file)
    {
        try
        {
            found[Path.GetRelativePath(root, file.FullName)] = (file.LastWriteTimeUtc.Ticks, file.Length);
        }
        catch (FileNotFoundException)
        {
            // An editor's own file, gone already.
        }
    }
}

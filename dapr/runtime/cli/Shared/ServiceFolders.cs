namespace HmsMesh.Cli;

/// <summary>Where the clone has services: in services/ its own, in agencies/ those of other agencies that have joined.</summary>
internal static class ServiceFolders
{
    /// <summary>The top folders; the app id is the name of a folder in one of them.</summary>
    public static readonly IReadOnlyList<string> Tops = ["services", "agencies"];

    /// <summary>What lies in them, by its path in the clone, such as services/claims.</summary>
    public static IEnumerable<string> In(string root) =>
        Tops.Where(top => Directory.Exists(Path.Combine(root, top)))
            .SelectMany(top => Directory.EnumerateDirectories(Path.Combine(root, top)).Select(folder => $"{top}/{Path.GetFileName(folder)}"))
            .Order(StringComparer.Ordinal);

    /// <summary>The folder of an app, on disk; null where it has none.</summary>
    public static string? Of(string root, string app) =>
        Tops.Select(top => Path.Combine(root, top, app)).FirstOrDefault(Directory.Exists);
}

namespace HmsMesh.Cli.Processes;

/// <summary>Where a command without a slash is found.</summary>
internal static class ProgramPath
{
    /// <summary>The first file of that name in the folders of PATH; null where there is none.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}

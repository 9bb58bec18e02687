namespace HmsMesh.Cli.Processes;

/// <summary>Where a command without a slash is found.</summary>
internal static class ProgramPath
{
    /// <summary>The first program of that name in the folders of PATH; null where there is none.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(static path => File.Exists(path) && IsExecutable(path));

    /// <summary>Whether this user may run a file that is there.</summary>
    public static bool IsExecutable(string path) => Native.Access(path, Native.AccessExecute) == 0;
}

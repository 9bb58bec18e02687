namespace HmsMesh.Cli.Processes;

/// <summary>The words before a command that give it a session of its own, so that no Ctrl-C of this terminal reaches it.</summary>
internal static class OwnSession
{
    public static readonly IReadOnlyList<string> Prefix = Find();

    private static string[] Find()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        string? Program(string name) => path.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (Program("setsid") is { } setsid)
            return [setsid];
        // macOS has no setsid(1), but a perl.
        return Program("perl") is { } perl
            ? [perl, "-MPOSIX", "-e", "POSIX::setsid(); exec {$ARGV[0]} @ARGV or die $!"]
            : throw new MeshException("neither 'setsid' nor 'perl' is on the PATH; install util-linux.");
    }
}

namespace HmsMesh.Cli.Processes;

/// <summary>The words before a command that give it a session of its own, so that no Ctrl-C of this terminal reaches it.</summary>
internal static class OwnSession
{
    public static readonly IReadOnlyList<string> Prefix = Find();

    private static string[] Find()
    {
        if (ProgramPath.Find("setsid") is { } setsid)
            return [setsid];
        // macOS has no setsid(1), but a perl.
        return ProgramPath.Find("perl") is { } perl
            ? [perl, "-MPOSIX", "-e", "POSIX::setsid(); exec {$ARGV[0]} @ARGV or die $!"]
            : throw new MeshException("neither 'setsid' nor 'perl' is on the PATH; install util-linux.");
    }
}

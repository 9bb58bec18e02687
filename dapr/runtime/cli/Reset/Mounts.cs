namespace HmsMesh.Cli.Reset;

/// <summary>File systems that are mounted below a folder: what lies on them can't be removed with it.</summary>
internal static class Mounts
{
    private const string Table = "/proc/self/mountinfo";

    /// <summary>Where something is mounted below the folder; none where no table of mounts can be read.</summary>
    public static IReadOnlyList<string> Below(string folder) => File.Exists(Table) ? Below(folder, File.ReadLines(Table)) : [];

    /// <param name="table">Lines as in /proc/self/mountinfo, whose fifth field is the place.</param>
    internal static IReadOnlyList<string> Below(string folder, IEnumerable<string> table)
    {
        var inside = Path.TrimEndingDirectorySeparator(Real(folder)) + "/";
        return [.. table
            .Select(static line => line.Split(' '))
            .Where(static fields => fields.Length > 4)
            .Select(static fields => Plain(fields[4]))
            .Where(place => place.StartsWith(inside, StringComparison.Ordinal))];
    }

    /// <summary>The kernel writes a space, tab, newline and backslash as three octal digits.</summary>
    private static string Plain(string place) =>
        place.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
            .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);

    /// <summary>The table has no links in its paths.</summary>
    private static string Real(string path)
    {
        var real = "/";
        foreach (var part in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (Directory.Exists(real))
                real = new DirectoryInfo(real).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? real;
        }

        return real;
    }
}

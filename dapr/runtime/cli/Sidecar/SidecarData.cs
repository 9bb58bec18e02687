using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Sidecar;

/// <summary>The one flag of ours: which data folder a sidecar has. Sidecars with one folder share its broker and its names.</summary>
internal static class SidecarData
{
    public const string Flag = "data";

    /// <summary>Takes it out of daprd's flags; null: it is not given. Throws <see cref="SidecarException"/> where its folder is missing.</summary>
    public static (IReadOnlyList<string> Flags, string? Folder) Take(IReadOnlyList<string> flags)
    {
        var others = new List<string>();
        string? folder = null;
        var at = 0;
        while (at < flags.Count)
        {
            var flag = flags[at++];
            if (flag is "--" + Flag or "-" + Flag)
                folder = at < flags.Count ? flags[at++] : "";
            else if (flag.StartsWith($"--{Flag}=", StringComparison.Ordinal) || flag.StartsWith($"-{Flag}=", StringComparison.Ordinal))
                folder = flag[(flag.IndexOf('=', StringComparison.Ordinal) + 1)..];
            else
                others.Add(flag);
        }

        return folder is "" ? throw new SidecarException($"flag needs an argument: --{Flag}") : (others, folder is null ? null : Path.GetFullPath(folder));
    }
}

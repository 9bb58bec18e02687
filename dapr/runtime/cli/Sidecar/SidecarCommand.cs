namespace HmsMesh.Cli.Sidecar;

/// <summary>`mesh sidecar`: one sidecar as a process, with daprd's flags.</summary>
internal static class SidecarCommand
{
    public static Task<int> RunAsync(IReadOnlyList<string> flags) => throw new NotImplementedException(flags.Count.ToString());
}

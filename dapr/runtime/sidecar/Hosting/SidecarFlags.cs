namespace HmsMesh.Sidecar;

/// <summary>daprd's flags as options.</summary>
public static class SidecarFlags
{
    /// <summary>Reads daprd's flags (all of them are known; those without meaning here go to <see cref="SidecarOptions.Ignored"/>)
    /// and the environment. Throws <see cref="SidecarException"/> for an unknown flag or a value of the wrong form.</summary>
    public static SidecarOptions Parse(IReadOnlyList<string> args, IReadOnlyDictionary<string, string> environment) =>
        throw new NotImplementedException();
}

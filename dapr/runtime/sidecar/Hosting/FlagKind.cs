namespace HmsMesh.Sidecar.Hosting;

internal enum FlagKind
{
    Text,

    /// <summary>May be given again; each time may hold several, parted by commas.</summary>
    Texts,

    /// <summary>Given alone it is true; its value must stand behind an equals sign.</summary>
    Flag,

    Whole,

    Natural,

    Duration,
}

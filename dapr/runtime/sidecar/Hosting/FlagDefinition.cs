namespace HmsMesh.Sidecar.Hosting;

/// <summary>One flag of daprd's.</summary>
/// <param name="Kind">How its value is read.</param>
/// <param name="Apply">What it means; null: nothing here. Throws <see cref="FormatException"/> with what the value must be.</param>
internal sealed record FlagDefinition(string Name, FlagKind Kind, Func<SidecarOptions, string, SidecarOptions>? Apply = null);

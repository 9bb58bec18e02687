using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Components;

/// <summary>What a factory is given.</summary>
public sealed record ComponentContext(ComponentResource Resource, SidecarOptions Options, SidecarServices Services);

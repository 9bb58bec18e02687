using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Components;

/// <summary>What a factory is given.</summary>
public sealed record ComponentContext(ComponentResource Resource, SidecarOptions Options, SidecarServices Services)
{
    /// <summary>The resource's metadata by kind of value; a wrong one is a fault that names its file.</summary>
    public ComponentMetadata Metadata { get; } = new(Resource);
}

using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Components;

/// <summary>An open component and the resource that it was made from.</summary>
internal sealed record LoadedComponent(ComponentResource Resource, IComponent Instance);

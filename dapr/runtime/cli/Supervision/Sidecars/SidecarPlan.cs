using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Supervision.Sidecars;

/// <summary>One sidecar of the mesh.</summary>
/// <param name="Label">The service instance it belongs to; its lines in the log carry it.</param>
/// <param name="Options">What it is to do.</param>
internal sealed record SidecarPlan(string Label, SidecarOptions Options);

using HmsMesh.Cli.Supervision.Sidecars;

namespace HmsMesh.Cli.Supervision;

/// <summary>One instance of a service: its process and its sidecar.</summary>
internal sealed record InstancePlan(ServicePlan Service, SidecarPlan Sidecar);

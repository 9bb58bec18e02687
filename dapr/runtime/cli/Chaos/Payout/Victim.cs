using HmsMesh.Cli.Control;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>A process that is killed in its turn.</summary>
/// <param name="Service">Whose.</param>
/// <param name="IsSidecar">Not the service's own process, but that of its sidecar.</param>
internal sealed record Victim(string Service, bool IsSidecar)
{
    public string Name => IsSidecar ? "the sidecar of " + Service : Service;

    /// <summary>Its process, where it runs and its service has been well since it began, however slowly it answers now; else null.</summary>
    public int? PidIn(MeshStatus status) =>
        status.Services.FirstOrDefault(one => one.Service == Service) is { State: "healthy" or "unhealthy" } service
            ? IsSidecar ? service.SidecarPid : service.Pid
            : null;
}

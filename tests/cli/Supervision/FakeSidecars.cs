using HmsMesh.Cli.Supervision.Sidecars;
using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Tests.Supervision;

/// <summary>Sidecars that run nothing, and start unless there is a fault.</summary>
internal sealed class FakeSidecars : ISidecarStarter
{
    public List<FakeSidecar> Started { get; } = [];

    public string? Fault { get; set; }

    /// <summary>Whose sidecar alone has the fault; null: everybody's.</summary>
    public string? FaultOf { get; set; }

    public Task<ISidecar> StartAsync(SidecarPlan plan, CancellationToken cancellationToken)
    {
        if (Fault is { } fault && (FaultOf ?? plan.Label) == plan.Label)
            throw new SidecarException(fault);
        var started = new FakeSidecar();
        lock (Started)
            Started.Add(started);
        return Task.FromResult<ISidecar>(started);
    }
}

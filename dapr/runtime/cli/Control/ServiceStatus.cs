using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Control;

internal sealed record ServiceStatus
{
    /// <summary>The service's name; with # and a number for its second instance and later ones.</summary>
    public required string Service { get; init; }

    public int Instance { get; init; } = 1;

    public required string State { get; init; }

    public int? Pid { get; init; }

    public required string Address { get; init; }

    public required int SidecarPort { get; init; }

    /// <summary>Its sidecar's process; absent where the sidecar runs in the mesh's own.</summary>
    public int? SidecarPid { get; init; }

    /// <summary>How often its sidecar ended and was started again.</summary>
    public int SidecarRestarts { get; init; }

    /// <summary>What the process needs that somebody else starts (--external).</summary>
    public string? EnvironmentFile { get; init; }

    /// <summary>Where its page is, if it has one.</summary>
    public string? Page { get; init; }

    /// <summary>How long its last start took until it was healthy.</summary>
    public double? HealthyAfterMs { get; init; }

    public double? CpuUntilHealthyMs { get; init; }

    public int Restarts { get; init; }

    /// <summary>Events that wait for it in the broker.</summary>
    public long Waiting { get; init; }

    /// <summary>What became of the events that it heard since its start; null where it wasn't asked or doesn't tell.</summary>
    public EventCounts? Events { get; init; }

    /// <summary>The circuit breakers of its sidecar that are not closed; null where all are.</summary>
    public IReadOnlyList<OpenCircuit>? Circuits { get; init; }

    /// <summary>The circuit breakers of the service itself that are not closed, such as one before a bank; null where all are.</summary>
    public IReadOnlyList<OpenBreaker>? Breakers { get; init; }

    public string? Problem { get; init; }
}

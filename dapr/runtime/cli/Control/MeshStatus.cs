namespace HmsMesh.Cli.Control;

/// <summary>What `mesh status --json` prints.</summary>
/// <param name="Pid">The mesh's process.</param>
/// <param name="Data">Its data folder.</param>
/// <param name="Broker">Which of the folders in components/ it runs on.</param>
/// <param name="Settled">Whether each service is healthy, or is known not to become so at once.</param>
internal sealed record MeshStatus(int Pid, string Data, string Broker, bool Settled, IReadOnlyList<ServiceStatus> Services)
{
    /// <summary>How many publishes were of an event that the broker had already, and kept once; null where it doesn't tell.</summary>
    public long? PublishedTwice { get; init; }

    /// <summary>By which the mesh itself speaks, as app id `mesh`.</summary>
    public OwnSidecar? OwnSidecar { get; init; }
}

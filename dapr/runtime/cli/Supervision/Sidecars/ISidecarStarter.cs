namespace HmsMesh.Cli.Supervision.Sidecars;

/// <summary>Starts sidecars in one way: in this process, or each in a process of its own.</summary>
internal interface ISidecarStarter
{
    /// <summary>Returns once it is up, see <see cref="ISidecar"/>. Throws <see cref="HmsMesh.Sidecar.SidecarException"/> with what is wrong.</summary>
    Task<ISidecar> StartAsync(SidecarPlan plan, CancellationToken cancellationToken);
}

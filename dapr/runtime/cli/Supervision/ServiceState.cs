namespace HmsMesh.Cli.Supervision;

internal enum ServiceState
{
    /// <summary>Its process runs, but it is not healthy yet.</summary>
    Starting,

    Healthy,

    /// <summary>It was healthy and says it is not now.</summary>
    Unhealthy,

    /// <summary>It died, and is started again after a while.</summary>
    Restarting,

    Stopping,

    /// <summary>By `mesh stop`; its events wait.</summary>
    Stopped,

    /// <summary>Its process is somebody else's, and isn't there now.</summary>
    Awaited,

    /// <summary>What runs it (such as Node) is not on this machine.</summary>
    Skipped,
}

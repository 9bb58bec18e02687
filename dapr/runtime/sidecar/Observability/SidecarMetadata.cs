namespace HmsMesh.Sidecar.Observability;

/// <summary>What GET /v1.0/metadata and GET /mesh/circuits say; features add to it.</summary>
internal sealed class SidecarMetadata
{
    public List<SubscriptionMetadata> Subscriptions { get; } = [];

    /// <summary>The names of HTTPEndpoint resources.</summary>
    public List<string> HttpEndpoints { get; } = [];

    /// <summary>The circuit breakers that are not closed.</summary>
    public List<OpenCircuit> OpenCircuits { get; } = [];

    /// <summary>Set where app health checks are on.</summary>
    public AppHealthMetadata? AppHealth { get; set; }
}

namespace HmsMesh.Sidecar;

/// <summary>One sidecar: a Kestrel server of its own that is Dapr to its app.</summary>
public sealed class MeshSidecar : IAsyncDisposable
{
    private MeshSidecar(SidecarOptions options) => Options = options;

    public SidecarOptions Options { get; }

    /// <summary>The port that the API listens on (the one taken, where 0 was asked for).</summary>
    public int HttpPort => throw new NotImplementedException();

    /// <summary>Completes when the app is there, its subscriptions are made and deliveries flow; faults with <see cref="SidecarException"/>.</summary>
    public Task Ready => throw new NotImplementedException();

    /// <summary>Completes when the sidecar has ended, by <see cref="StopAsync"/> or by POST /v1.0/shutdown.</summary>
    public Task Ended => throw new NotImplementedException();

    /// <summary>Reads resources, opens components, registers the declared subscriptions with the broker, and listens. Doesn't wait
    /// for the app. Throws <see cref="SidecarException"/>.</summary>
    public static Task<MeshSidecar> StartAsync(SidecarOptions options, SidecarServices services, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Stops taking deliveries, waits for those under way, closes components, ends.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => new(StopAsync(CancellationToken.None));
}

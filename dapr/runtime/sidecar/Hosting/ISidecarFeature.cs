using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Observability;
using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Hosting;

/// <summary>
/// A building block of the sidecar. The host makes one of each for a sidecar, in this order: Map (before listening), StartAsync (components
/// are open, the API isn't yet), AppReachableAsync (once, when something accepts connections on the app's port, or at once
/// where there is no app port), StopAsync (once), and in between Describe and ResourcesChangedAsync at any time.
/// </summary>
internal interface ISidecarFeature
{
    /// <summary>Adds the feature's routes to the API.</summary>
    void Map(ApiRouter router)
    {
    }

    /// <summary>Before the API listens. What throws <see cref="SidecarException"/> here ends the start.</summary>
    ValueTask StartAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The app accepts connections. The sidecar is ready when this has ended for every feature.</summary>
    ValueTask AppReachableAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Resource files changed while running; the registry and the resource set hold the new state already.</summary>
    ValueTask ResourcesChangedAsync(ResourceChanges changes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Takes no more deliveries, then waits for those under way until <paramref name="drained"/> is cancelled; all else goes on.
    /// The app can then end without costing an event a try. May come before StopAsync, and more than once.</summary>
    ValueTask StopDeliveriesAsync(CancellationToken drained) => ValueTask.CompletedTask;

    /// <summary>Takes no more deliveries, then waits for those under way until <paramref name="drained"/> is cancelled. The API still
    /// answers meanwhile. Components close afterwards. Doesn't throw when cancelled.</summary>
    ValueTask StopAsync(CancellationToken drained) => ValueTask.CompletedTask;

    /// <summary>Adds what GET /v1.0/metadata says of the feature.</summary>
    void Describe(SidecarMetadata metadata)
    {
    }
}

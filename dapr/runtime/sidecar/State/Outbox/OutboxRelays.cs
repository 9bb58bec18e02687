using System.Collections.Concurrent;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.PubSub;

namespace HmsMesh.Sidecar.State.Outbox;

/// <summary>A relay for each state store that has an outbox.</summary>
internal sealed class OutboxRelays(SidecarRuntime runtime, PubSubDirectory pubSubs)
{
    private readonly ConcurrentDictionary<string, OutboxRelay> _relays = new(StringComparer.Ordinal);

    /// <summary>Starts the relays of stores that are new, and ends those of stores that are gone.</summary>
    public async Task FollowAsync()
    {
        var stores = runtime.Components.All
            .Where(static component => component.Instance is IStateStore && OutboxSettings.Read(component) is not null)
            .Select(static component => component.Resource.Name)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var store in stores)
        {
            if (!_relays.ContainsKey(store))
            {
                _relays[store] = new(store, runtime, pubSubs, runtime.Logger("dapr.outbox"));
            }
        }

        foreach (var gone in _relays.Keys.Where(store => !stores.Contains(store)))
        {
            if (_relays.TryRemove(gone, out var relay))
            {
                await relay.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    public void Wake(string store)
    {
        if (_relays.TryGetValue(store, out var relay))
        {
            relay.Wake();
        }
    }

    public Task StopAsync(CancellationToken drained) => Task.WhenAll(_relays.Values.Select(relay => relay.StopAsync(drained)));
}

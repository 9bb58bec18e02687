using HmsMesh.Broker.Consumers;

namespace HmsMesh.Broker.Sharing.Server;

/// <summary>Deliveries whose process is not connected any more. One that is dead has them no longer, and they go to others at once, no try
/// spent; one that lives may come back to them.</summary>
internal sealed class Orphans(string folder, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<long, RemoteDelivery>> _kept = new(StringComparer.Ordinal);

    public void Keep(string client, RemoteDelivery[] deliveries)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue(client, out var kept))
            {
                _kept[client] = kept = [];
            }

            foreach (var one in deliveries)
            {
                kept[one.Id] = one;
            }
        }

        _ = WatchAsync(client);
    }

    public RemoteDelivery? Take(string client, long id)
    {
        lock (_gate)
        {
            return _kept.TryGetValue(client, out var kept) && kept.Remove(id, out var delivery) ? delivery : null;
        }
    }

    /// <summary>What its process has not come back for goes to others.</summary>
    public void Close(string client)
    {
        Dictionary<long, RemoteDelivery>? kept;
        lock (_gate)
        {
            _kept.Remove(client, out kept);
        }

        foreach (var one in kept?.Values ?? Enumerable.Empty<RemoteDelivery>())
        {
            one.GiveBack();
        }
    }

    public void GiveBackAll()
    {
        string[] clients;
        lock (_gate)
        {
            clients = [.. _kept.Keys];
        }

        foreach (var one in clients)
        {
            Close(one);
        }
    }

    private async Task WatchAsync(string client)
    {
        var began = time.GetTimestamp();
        while (client.Length > 0 && BrokerFolder.Lives(folder, client) && time.GetElapsedTime(began) < Wire.Protocol.Return)
        {
            await Task.Delay(LookEvery, time).ConfigureAwait(false);
        }

        Close(client);
    }
}

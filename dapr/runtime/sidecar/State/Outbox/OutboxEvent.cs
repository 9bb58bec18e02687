using HmsMesh.Broker;
using HmsMesh.Sidecar.PubSub;

namespace HmsMesh.Sidecar.State.Outbox;

/// <summary>An event that a transaction says, as it will be published.</summary>
/// <param name="App">Whose transaction it was.</param>
/// <param name="Key">What orders it: its subject, else the key of the state that it tells of.</param>
/// <param name="Data">The whole CloudEvent.</param>
public sealed record OutboxEvent(string App, string PubSub, string Topic, string Id, string Source, string Key, ReadOnlyMemory<byte> Data)
{
    internal OutgoingEvent Outgoing() => new()
    {
        PubSub = PubSub,
        Topic = Topic,
        Data = Data,
        ContentType = ContentTypes.CloudEvent,
        Key = Key,
        Source = Source,
        Id = Id,
        Publisher = App,
    };
}

using HmsMesh.Broker.Writing;

namespace HmsMesh.Broker.Sharing.Server;

/// <summary>A publish of another process. Its answer goes out from the writer's own thread: nobody is woken for it.</summary>
internal sealed class RemotePublish(ClientConnection client, long id, PublishItem[] items) : EventsRequest(items)
{
    protected override void Answer(PublishResult[] results) => client.Published(id, Bytes, results);
}

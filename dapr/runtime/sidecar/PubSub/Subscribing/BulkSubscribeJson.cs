namespace HmsMesh.Sidecar.PubSub.Subscribing;

internal sealed class BulkSubscribeJson
{
    public bool Enabled { get; set; }

    public int MaxMessagesCount { get; set; }

    public int MaxAwaitDurationMs { get; set; }
}

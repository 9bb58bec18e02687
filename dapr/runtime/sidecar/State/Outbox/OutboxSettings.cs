using HmsMesh.Sidecar.Components;

namespace HmsMesh.Sidecar.State.Outbox;

/// <summary>Where a state store's transactions are published, by its metadata. <c>outboxPubsub</c> and <c>outboxDiscardWhenMissingState</c>
/// concern the messages by which daprd finds out whether a transaction was committed; here the events lie in the transaction itself.</summary>
internal sealed record OutboxSettings(string PubSub, string Topic)
{
    public static OutboxSettings? Read(LoadedComponent store) =>
        store.Resource.Metadata.GetValueOrDefault("outboxPublishPubsub") is { Length: > 0 } pubSub
        && store.Resource.Metadata.GetValueOrDefault("outboxPublishTopic") is { Length: > 0 } topic
            ? new(pubSub, topic)
            : null;
}

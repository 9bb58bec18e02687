using HmsMesh.Broker;
using HmsMesh.Sidecar.Hosting;

namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>What a broker is given of an event. Its key is the partitionKey of the metadata, else the subject.</summary>
internal static class Outgoing
{
    public static OutgoingEvent Of(
        string pubSub, string topic, in Envelope envelope, IReadOnlyDictionary<string, string> metadata, SidecarRuntime runtime) => new()
        {
            PubSub = pubSub,
            Topic = topic,
            Data = envelope.Data,
            ContentType = ContentTypes.CloudEvent,
            Key = PublishMetadata.Key(metadata) ?? envelope.Subject,
            Source = envelope.Source,
            Id = envelope.Id,
            Expires = envelope.Expires,
            Metadata = metadata.Count == 0 ? null : metadata,
            Publisher = runtime.Options.AppId,
        };

    public static OutgoingEvent Raw(
        string pubSub, string topic, ReadOnlyMemory<byte> body, string contentType, IReadOnlyDictionary<string, string> metadata, SidecarRuntime runtime) => new()
        {
            PubSub = pubSub,
            Topic = topic,
            Data = body,
            ContentType = contentType.Length == 0 ? null : contentType,
            Key = PublishMetadata.Key(metadata),
            Expires = PublishMetadata.TimeToLive(metadata) is { } life ? runtime.Time.GetUtcNow() + life : null,
            Metadata = metadata.Count == 0 ? null : metadata,
            Publisher = runtime.Options.AppId,
        };
}

namespace HmsMesh.Broker;

/// <summary>What a publisher hands to the broker: bytes and how to order, deduplicate and expire them.</summary>
public sealed record OutgoingEvent
{
    /// <summary>The pub/sub component's name; one log holds the topics of all components of a folder.</summary>
    public required string PubSub { get; init; }

    public required string Topic { get; init; }

    /// <summary>The envelope, or the raw payload, exactly as it will be delivered.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Events of one key in one topic reach a subscriber first in order; null: no order.</summary>
    public string? Key { get; init; }

    /// <summary>The CloudEvent's source and id, where there are any: what deduplication goes by.</summary>
    public string? Source { get; init; }

    public string? Id { get; init; }

    /// <summary>How long an event with the same topic, source and id counts as the same one; null: never.</summary>
    public TimeSpan? Deduplication { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>The metadata published with the event (without the <c>metadata.</c> prefix).</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>A replay: the one consumer of the topic that gets it, past deduplication and before what it has not read yet; null:
    /// everybody who hears the topic.</summary>
    public string? To { get; init; }

    /// <summary>The app id that published.</summary>
    public string? Publisher { get; init; }
}

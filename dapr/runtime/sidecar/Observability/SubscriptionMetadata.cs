using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Observability;

/// <param name="Type">PROGRAMMATIC, DECLARATIVE or STREAMING.</param>
internal sealed record SubscriptionMetadata(
    string PubSub,
    string Topic,
    IReadOnlyList<SubscriptionRule> Rules,
    string DeadLetterTopic,
    string Type,
    IReadOnlyDictionary<string, string> Metadata);

namespace HmsMesh.Sidecar.PubSub;

/// <summary>The metadata that every pub/sub component may have: the runtime reads it, not the component.</summary>
internal static class PubSubMetadataNames
{
    public static IReadOnlyList<string> Common { get; } = ["allowedTopics", "protectedTopics", "publishingScopes", "subscriptionScopes", "consumerID"];
}

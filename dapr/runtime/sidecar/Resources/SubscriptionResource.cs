namespace HmsMesh.Sidecar.Resources;

/// <summary>A subscription, from a Subscription resource of either version or from the app's GET /dapr/subscribe.</summary>
public sealed record SubscriptionResource
{
    /// <summary>Null: the app said it.</summary>
    public ResourceSource? Source { get; init; }

    public string? Name { get; init; }

    public required string PubSub { get; init; }

    public required string Topic { get; init; }

    public string? DeadLetterTopic { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>In their order; the first that matches takes the event.</summary>
    public IReadOnlyList<SubscriptionRule> Rules { get; init; } = [];

    /// <summary>Where an event goes that no rule takes; null: dropped.</summary>
    public string? DefaultPath { get; init; }

    public BulkSubscribeOptions? Bulk { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The document's text; another text is another resource.</summary>
    public string Text { get; init; } = "";
}

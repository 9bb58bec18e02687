using System.Text.Json.Serialization;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>A subscription as an app says it.</summary>
internal sealed class SubscriptionJson
{
    [JsonPropertyName("pubsubname")]
    public string? PubSubName { get; set; }

    public string? Topic { get; set; }

    public string? DeadLetterTopic { get; set; }

    public Dictionary<string, string>? Metadata { get; set; }

    public string? Route { get; set; }

    public RoutesJson? Routes { get; set; }

    public BulkSubscribeJson? BulkSubscribe { get; set; }
}

using System.Text.Json.Serialization;

namespace Dapr;

/// <summary>The attributes of a CloudEvent that an app may set when it publishes; the sidecar adds the others.</summary>
public class CloudEvent
{
    /// <summary>Who says it.</summary>
    [JsonPropertyName("source")]
    public Uri Source { get; init; } = null!;

    /// <summary>What kind of event.</summary>
    [JsonPropertyName("type")]
    public string Type { get; init; } = null!;

    /// <summary>Whom it is about.</summary>
    [JsonPropertyName("subject")]
    public string Subject { get; init; } = null!;
}

namespace Dapr;

/// <summary>What holds for all subscriptions of an app.</summary>
public class SubscribeOptions
{
    /// <summary>Data without an envelope.</summary>
    public bool EnableRawPayload { get; set; }
}

namespace Dapr;

/// <summary>Whether an endpoint takes data without an envelope.</summary>
public interface IRawTopicMetadata
{
    /// <summary>Data without an envelope.</summary>
    bool? EnableRawPayload { get; }
}

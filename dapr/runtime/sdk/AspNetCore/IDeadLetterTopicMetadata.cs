namespace Dapr;

/// <summary>Where events go that an endpoint could not handle.</summary>
public interface IDeadLetterTopicMetadata
{
    /// <summary>The topic.</summary>
    string DeadLetterTopic { get; }
}

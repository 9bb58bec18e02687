namespace HmsMesh.Broker;

/// <summary>What became of a publish. A failure is a value: the caller owes its own caller an answer, not a stack.</summary>
public readonly record struct PublishResult(PublishStatus Status, long Offset, string? Problem = null)
{
    /// <summary>Whether the event is on disk, now or from before.</summary>
    public bool Accepted => Status is PublishStatus.Stored or PublishStatus.Duplicate;
}

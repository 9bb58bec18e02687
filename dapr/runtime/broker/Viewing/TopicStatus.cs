namespace HmsMesh.Broker;

/// <summary>What the log holds of a topic.</summary>
/// <param name="Events">How many events of it are in the log.</param>
/// <param name="Bytes">What they take on disk.</param>
public sealed record TopicStatus(string PubSub, string Topic, long Events, long Bytes, DateTimeOffset? Oldest, DateTimeOffset? Newest);

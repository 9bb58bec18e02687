namespace HmsMesh.Broker;

/// <param name="Kept">Events that stay.</param>
/// <param name="Lost">Events that are known to be lost; of what was lost behind the last good snapshot nobody knows the topic.</param>
public sealed record RepairTopic(string PubSub, string Topic, long Kept, long Lost);

using HmsMesh.Broker;

namespace HmsMesh.Cli.Topics;

/// <summary>What `mesh topics --json` prints.</summary>
internal sealed record TopicsAnswer(string Folder, long FirstOffset, long NextOffset, long Bytes, IReadOnlyList<TopicStatus> Topics, IReadOnlyList<SubscriberStatus>? Subscribers);

using HmsMesh.Broker;

namespace HmsMesh.Cli.Subscribers;

/// <summary>What `mesh subscribers --json` prints.</summary>
internal sealed record SubscribersAnswer(long NextOffset, IReadOnlyList<SubscriberStatus> Subscribers);

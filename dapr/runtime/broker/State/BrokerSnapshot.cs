namespace HmsMesh.Broker.State;

/// <summary>The whole state at one offset.</summary>
internal sealed record BrokerSnapshot(
    long FirstBase, int NextConsumer, IReadOnlyList<SegmentInfo> Segments, IReadOnlyCollection<Topic> Topics, IReadOnlyCollection<ConsumerState> Consumers);

namespace HmsMesh.Broker;

/// <summary>How the broker stands at one moment.</summary>
/// <param name="Head">The offset that the next record will get.</param>
/// <param name="Duplicates">How many publishes, since its writer opened it, were of an event that was on disk already.</param>
public sealed record BrokerStatus(long Head, long Duplicates, IReadOnlyList<SubscriberStatus> Subscribers);

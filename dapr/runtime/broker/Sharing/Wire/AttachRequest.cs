namespace HmsMesh.Broker.Sharing.Wire;

/// <summary>A subscription of another process, and what it has under way.</summary>
internal sealed record AttachRequest(long Id, SubscriptionOptions Options, bool Paused, IReadOnlyList<UnderWayClaim> UnderWay);

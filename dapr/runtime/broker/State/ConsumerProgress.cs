namespace HmsMesh.Broker.State;

/// <summary>What a consumer did since its last record: how far it read, what of the topic up to there became done or is new
/// and not done, what failed, and how events that were
/// sent again ended.</summary>
internal sealed record ConsumerProgress(
    int Consumer, long Cursor, long Count, IReadOnlyCollection<long> Done, IReadOnlyCollection<long> Outstanding, IReadOnlyCollection<RetryState> Retries,
    IReadOnlyCollection<ReplayEnd> Ends);

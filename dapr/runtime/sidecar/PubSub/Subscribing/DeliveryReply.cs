namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>What the app said of a request: one outcome for all of its events, or one for each by entry id.</summary>
internal readonly record struct DeliveryReply(AppOutcome All, Dictionary<string, AppOutcome>? ByEntry, bool HasFailed)
{
    public static DeliveryReply Of(AppOutcome outcome) => new(outcome, null, outcome.HasFailed);

    /// <summary>An entry that the answer doesn't name is tried again.</summary>
    public AppOutcome For(string entryId) =>
        ByEntry is null ? All
        : ByEntry.TryGetValue(entryId, out var outcome) ? outcome
        : new(Broker.VerdictKind.Failed, "the app did not answer for the entry");
}

namespace HmsMesh.Broker;

/// <param name="Mark">Every event of the topic up to this offset is done.</param>
/// <param name="Lag">Events of the topic that are not done.</param>
public sealed record SubscriberStatus(string PubSub, string Topic, string Consumer, long Mark, long Lag, int InFlight, int Retrying, long Dead, bool Attached)
{
    /// <summary>Why it gets nothing more, where the log that it reads is damaged.</summary>
    public string? Problem { get; init; }
}

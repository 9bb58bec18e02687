using HmsMesh.Broker.Log;
using HmsMesh.Broker.Writing;

namespace HmsMesh.Broker.Consumers;

/// <summary>Makes the dead letter of an event: the original, unchanged, with why it died beside it.</summary>
internal static class DeadLetters
{
    private const int MaxCause = 1024;

    public static PublishItem Make(BrokerCore core, string consumer, PendingEvent pending)
    {
        var original = pending.Event!;
        var cause = pending.Cause ?? "";
        var dead = new DeadLetter(
            consumer, original.Topic, original.Offset, cause.Length > MaxCause ? cause[..MaxCause] : cause, pending.Tries, pending.FirstTrace);
        var letter = new OutgoingEvent
        {
            PubSub = original.PubSub,
            Topic = pending.Grave!,
            Data = original.Data,
            ContentType = original.ContentType,
            Key = original.Key,
            Source = original.Source,
            Id = original.Id,
            Metadata = original.Metadata,
            Publisher = original.Publisher,
        };
        return new PublishItem(core.Topic(letter.PubSub, letter.Topic), EventCodec.Encode(letter, core.Options.Time.GetUtcNow(), dead), null, 0);
    }
}

using System.Text;
using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Log;

/// <summary>An event as a record's payload. The topic's key comes first, so that a reader of one topic skips others unread.</summary>
internal static class EventCodec
{
    /// <summary>What names a topic in the log: component and topic, each with its length.</summary>
    public static byte[] TopicKey(string pubSub, string topic)
    {
        var writer = PayloadWriter.Rent();
        writer.Text(pubSub);
        writer.Text(topic);
        return writer.ToArray();
    }

    public static byte[] Encode(OutgoingEvent outgoing, DateTimeOffset time, DeadLetter? dead)
    {
        var writer = PayloadWriter.Rent();
        writer.Text(outgoing.PubSub);
        writer.Text(outgoing.Topic);
        writer.Int64(time.UtcTicks);
        writer.Int64(dead is null && outgoing.Deduplication is { } window ? Later(time, window) : 0);
        writer.Int64(outgoing.Expires?.UtcTicks ?? 0);
        writer.OptionalText(outgoing.Source);
        writer.OptionalText(outgoing.Id);
        WriteDeadLetter(writer, dead);
        writer.OptionalText(outgoing.Key);
        writer.OptionalText(outgoing.ContentType);
        writer.OptionalText(outgoing.Publisher);
        writer.Number(outgoing.Metadata?.Count ?? 0);
        foreach (var (name, value) in outgoing.Metadata ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty)
        {
            writer.Text(name);
            writer.Text(value);
        }

        writer.Bytes(outgoing.Data.Span);
        return writer.ToArray();
    }

    /// <summary>The event; its data is a part of <paramref name="payload"/>.</summary>
    public static StoredEvent Decode(long offset, ReadOnlyMemory<byte> payload, Topic? known = null, RecordPlace place = default)
    {
        var reader = new PayloadReader(payload.Span);
        var (pubSub, topic) = ReadTopic(ref reader, payload.Span, known);
        var time = reader.Int64();
        reader.Int64();
        var expires = reader.Int64();
        var source = reader.OptionalText();
        var id = reader.OptionalText();
        var dead = ReadDeadLetter(ref reader);
        var key = reader.OptionalText();
        var contentType = reader.OptionalText();
        var publisher = reader.OptionalText();
        var metadata = ReadMetadata(ref reader);
        var length = reader.Count();
        return new StoredEvent
        {
            Offset = offset,
            Place = place,
            Time = new DateTimeOffset(time, TimeSpan.Zero),
            PubSub = pubSub,
            Topic = topic,
            Source = source,
            Id = id,
            Key = key,
            ContentType = contentType,
            Publisher = publisher,
            Expires = expires == 0 ? null : new DateTimeOffset(expires, TimeSpan.Zero),
            Metadata = metadata,
            DeadLetter = dead,
            Data = payload.Slice(reader.Position, length),
        };
    }

    /// <summary>What a walk needs of an event: its topic, when it stops counting for deduplication, and what it is called.</summary>
    public static EventHead DecodeHead(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var pubSub = reader.Text();
        var topic = reader.Text();
        var time = reader.Int64();
        var until = reader.Int64();
        reader.Int64();
        return new EventHead(pubSub, topic, time, until, reader.OptionalText(), reader.OptionalText(), ReadDeadLetter(ref reader));
    }

    /// <summary>Checks that another process sent an event and nothing else, and tells its head.</summary>
    public static EventHead Inspect(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var head = new EventHead(reader.Text(), reader.Text(), Time: 0, SkipTime(ref reader), reader.OptionalText(), reader.OptionalText(), null);
        if (reader.Byte() != 0)
        {
            throw new InvalidDataException("a dead letter, which no publisher makes");
        }

        SkipOptional(ref reader);
        SkipOptional(ref reader);
        SkipOptional(ref reader);
        for (var left = reader.Count(); left > 0; left--)
        {
            reader.Bytes();
            reader.Bytes();
        }

        reader.Bytes();
        return reader.Left == 0 ? head : throw new InvalidDataException("more than an event");
    }

    private static long SkipTime(ref PayloadReader reader)
    {
        var time = reader.Int64();
        var (until, expires) = (reader.Int64(), reader.Int64());
        return IsTime(time) && IsTime(until) && IsTime(expires) ? until : throw new InvalidDataException("a time that is none");
    }

    private static bool IsTime(long ticks) => ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;

    private static void SkipOptional(ref PayloadReader reader)
    {
        if (reader.Byte() != 0)
        {
            reader.Bytes();
        }
    }

    private static void WriteDeadLetter(PayloadWriter writer, DeadLetter? dead)
    {
        writer.Byte(dead is null ? (byte)0 : (byte)1);
        if (dead is not null)
        {
            writer.Text(dead.Consumer);
            writer.Text(dead.Topic);
            writer.Number(dead.Offset);
            writer.Text(dead.Cause);
            writer.Number(dead.Tries);
            writer.OptionalText(dead.TraceParent);
        }
    }

    private static DeadLetter? ReadDeadLetter(ref PayloadReader reader) => reader.Byte() == 0
        ? null
        : new DeadLetter(reader.Text(), reader.Text(), reader.Number(), reader.Text(), (int)reader.Number(), reader.OptionalText());

    private static (string PubSub, string Topic) ReadTopic(ref PayloadReader reader, ReadOnlySpan<byte> payload, Topic? known)
    {
        if (known is not null && payload.StartsWith(known.Key))
        {
            reader.Bytes();
            reader.Bytes();
            return (known.PubSub, known.Name);
        }

        return (Encoding.UTF8.GetString(reader.Bytes()), Encoding.UTF8.GetString(reader.Bytes()));
    }

    private static IReadOnlyDictionary<string, string> ReadMetadata(ref PayloadReader reader)
    {
        var count = reader.Count();
        if (count == 0)
        {
            return System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
        }

        var metadata = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (; count > 0; count--)
        {
            metadata[reader.Text()] = reader.Text();
        }

        return metadata;
    }

    public static long Later(DateTimeOffset time, TimeSpan window) =>
        window >= DateTimeOffset.MaxValue - time ? DateTimeOffset.MaxValue.UtcTicks : (time + window).UtcTicks;
}

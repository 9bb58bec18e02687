using HmsMesh.Broker.Log;

namespace HmsMesh.Broker.Sharing.Wire;

/// <summary>What frames carry, as bytes. Every count and length that is read has a limit; what breaks one is an
/// <see cref="InvalidDataException"/> or a <see cref="ProtocolException"/>.</summary>
internal static class WireCodec
{
    private const int MaxConcurrency = 1 << 14;
    private static readonly TimeSpan MaxLease = TimeSpan.FromDays(1);

    public static void Write(PayloadWriter writer, SubscriptionOptions options)
    {
        writer.Text(options.PubSub);
        writer.Text(options.Topic);
        writer.Text(options.Consumer);
        writer.Number((int)options.StartFrom);
        writer.Int64(options.Lease.Ticks);
        writer.Number(options.Concurrency);
        writer.Number(options.BatchSize);
        writer.Int64(options.BatchWait.Ticks);
        writer.OptionalText(options.DeadLetterTopic);
        writer.Byte(options.DeadLetterDropped ? (byte)1 : (byte)0);
        var table = options.Retry as RetryTable ?? RetryTable.Of(options.Retry);
        writer.Number(table.Delays.Count);
        foreach (var delay in table.Delays)
        {
            writer.Int64(delay?.Ticks ?? -1);
        }
    }

    public static void Write(PayloadWriter writer, AttachRequest attach)
    {
        writer.Number(attach.Id);
        Write(writer, attach.Options);
        writer.Byte(attach.Paused ? (byte)1 : (byte)0);
        writer.Number(attach.UnderWay.Count);
        foreach (var claim in attach.UnderWay)
        {
            writer.Number(claim.Id);
            writer.Number(claim.Offsets.Length);
            for (var i = 0; i < claim.Offsets.Length; i++)
            {
                writer.Number(claim.Offsets[i]);
                writer.Number(claim.Tries[i]);
            }

            writer.Byte(claim.Verdicts is null ? (byte)0 : (byte)1);
            if (claim.Verdicts is not null)
            {
                Write(writer, claim.Verdicts);
            }
        }
    }

    public static void Write(PayloadWriter writer, IReadOnlyList<Verdict> verdicts)
    {
        writer.Number(verdicts.Count);
        foreach (var verdict in verdicts)
        {
            writer.Byte((byte)verdict.Kind);
            writer.Byte(verdict.Scheduled ? (byte)1 : (byte)0);
            if (verdict.Scheduled)
            {
                writer.Int64(verdict.RetryAfter?.Ticks ?? -1);
            }

            writer.OptionalText(Cut(verdict.Cause));
            writer.OptionalText(Cut(verdict.TraceParent));
        }
    }

    public static void Write(PayloadWriter writer, IReadOnlyList<PublishResult> results)
    {
        writer.Number(results.Count);
        foreach (var result in results)
        {
            writer.Byte((byte)result.Status);
            writer.Number(result.Offset);
            writer.OptionalText(Cut(result.Problem));
        }
    }

    public static void Write(PayloadWriter writer, BrokerStatus status)
    {
        writer.Number(status.Head);
        writer.Number(status.Duplicates);
        writer.Number(status.Subscribers.Count);
        foreach (var one in status.Subscribers)
        {
            writer.Text(one.PubSub);
            writer.Text(one.Topic);
            writer.Text(one.Consumer);
            writer.Int64(one.Mark);
            writer.Number(one.Lag);
            writer.Number(one.InFlight);
            writer.Number(one.Retrying);
            writer.Number(one.Dead);
            writer.Byte(one.Attached ? (byte)1 : (byte)0);
            writer.OptionalText(Cut(one.Problem));
        }
    }

    public static SubscriptionOptions ReadOptions(ref PayloadReader reader)
    {
        var (pubSub, topic, consumer) = (Text(ref reader), Text(ref reader), Text(ref reader));
        var start = reader.Number() == (int)StartFrom.Earliest ? StartFrom.Earliest : StartFrom.Now;
        var lease = Between(reader.Int64(), 1, MaxLease.Ticks);
        var concurrency = (int)Between(reader.Number(), 1, MaxConcurrency);
        var batch = (int)Between(reader.Number(), 0, Protocol.MaxEvents);
        var wait = Between(reader.Int64(), 0, MaxLease.Ticks);
        var dead = OptionalText(ref reader);
        var dropped = reader.Byte() != 0;
        var delays = new TimeSpan?[Between(reader.Number(), 1, RetryTable.Most)];
        for (var i = 0; i < delays.Length; i++)
        {
            delays[i] = reader.Int64() is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;
        }

        return new SubscriptionOptions
        {
            PubSub = pubSub,
            Topic = topic,
            Consumer = consumer,
            StartFrom = start,
            Lease = TimeSpan.FromTicks(lease),
            Concurrency = concurrency,
            BatchSize = Math.Max(1, batch),
            BatchWait = TimeSpan.FromTicks(wait),
            DeadLetterTopic = dead,
            DeadLetterDropped = dropped,
            Retry = new RetryTable(delays),
        };
    }

    public static AttachRequest ReadAttach(ref PayloadReader reader)
    {
        var id = reader.Number();
        var options = ReadOptions(ref reader);
        var paused = reader.Byte() != 0;
        var claims = new List<UnderWayClaim>();
        for (var left = Between(reader.Number(), 0, Protocol.MaxEvents); left > 0; left--)
        {
            var delivery = Between(reader.Number(), 1, long.MaxValue - 1);
            var count = (int)Between(reader.Number(), 1, reader.Left);
            var (offsets, tries) = (new long[count], new int[count]);
            for (var i = 0; i < count; i++)
            {
                offsets[i] = Between(reader.Number(), 1, long.MaxValue - 1);
                tries[i] = (int)Between(reader.Number(), 1, int.MaxValue - 1);
            }

            claims.Add(new UnderWayClaim(delivery, offsets, tries, reader.Byte() == 0 ? null : ReadVerdicts(ref reader, count)));
        }

        return new AttachRequest(id, options, paused, claims);
    }

    public static Verdict[] ReadVerdicts(ref PayloadReader reader, int expected)
    {
        if (reader.Number() != expected)
        {
            throw new ProtocolException($"another number of verdicts than the {expected} events delivered");
        }

        var verdicts = new Verdict[expected];
        for (var i = 0; i < expected; i++)
        {
            var kind = (VerdictKind)Between(reader.Byte(), 0, (int)VerdictKind.AlreadyHandled);
            var scheduled = reader.Byte() != 0;
            var after = scheduled && reader.Int64() is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : (TimeSpan?)null;
            verdicts[i] = new Verdict(kind, OptionalText(ref reader), OptionalText(ref reader)) { Scheduled = scheduled, RetryAfter = after };
        }

        return verdicts;
    }

    public static PublishResult[] ReadResults(ref PayloadReader reader, int expected)
    {
        if (reader.Number() != expected)
        {
            throw new ProtocolException($"another number of results than the {expected} events published");
        }

        var results = new PublishResult[expected];
        for (var i = 0; i < expected; i++)
        {
            results[i] = new PublishResult((PublishStatus)reader.Byte(), reader.Number(), OptionalText(ref reader));
        }

        return results;
    }

    public static BrokerStatus ReadStatus(ref PayloadReader reader)
    {
        var (head, duplicates) = (reader.Number(), reader.Number());
        var subscribers = new List<SubscriberStatus>();
        for (var left = reader.Count(); left > 0; left--)
        {
            subscribers.Add(new SubscriberStatus(
                Text(ref reader), Text(ref reader), Text(ref reader), reader.Int64(), reader.Number(), (int)reader.Number(), (int)reader.Number(),
                reader.Number(), reader.Byte() != 0)
            { Problem = OptionalText(ref reader) });
        }

        return new BrokerStatus(head, duplicates, subscribers);
    }

    public static string Text(ref PayloadReader reader) =>
        reader.Text() is { Length: <= Protocol.MaxText } text ? text : throw new ProtocolException("a text too long");

    public static string? OptionalText(ref PayloadReader reader) => reader.Byte() == 0 ? null : Text(ref reader);

    public static long Between(long value, long least, long most) =>
        value >= least && value <= most ? value : throw new ProtocolException($"the number {value}, which is not between {least} and {most}");

    private static string? Cut(string? text) => text is { Length: > 1024 } ? text[..1024] : text;
}

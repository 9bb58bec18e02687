using HmsMesh.Broker.Log;

namespace HmsMesh.Broker.State;

/// <summary>Control records as bytes.</summary>
internal static class StateCodec
{
    public static byte[] Snapshot(BrokerSnapshot snapshot)
    {
        var writer = PayloadWriter.Rent();
        writer.Byte(1);
        writer.Number(snapshot.FirstBase);
        writer.Number(snapshot.NextConsumer);
        writer.Number(snapshot.Segments.Count);
        foreach (var segment in snapshot.Segments)
        {
            writer.Number(segment.Base);
            writer.Number(segment.EndOffset);
            writer.Number(segment.EndPosition);
            writer.Int64(segment.Closed);
            writer.Int64(segment.DuplicateUntil);
        }

        writer.Number(snapshot.Topics.Count);
        foreach (var topic in snapshot.Topics)
        {
            writer.Text(topic.PubSub);
            writer.Text(topic.Name);
            writer.Number(topic.Total);
        }

        writer.Number(snapshot.Consumers.Count);
        foreach (var consumer in snapshot.Consumers)
        {
            WriteHead(writer, consumer);
            writer.Number(consumer.Dead);
            writer.Ascending(consumer.Outstanding);
            Write(writer, consumer.Retries.Values);
        }

        return writer.ToArray();
    }

    public static BrokerSnapshot ReadSnapshot(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        if (reader.Byte() != 1)
        {
            throw new InvalidDataException("a snapshot of another version");
        }

        var (first, next) = (reader.Number(), (int)reader.Number());
        var segments = new List<SegmentInfo>();
        for (var left = reader.Count(); left > 0; left--)
        {
            segments.Add(new SegmentInfo(reader.Number(), reader.Number(), reader.Number(), reader.Int64(), reader.Int64()));
        }

        var topics = new List<Topic>();
        for (var left = reader.Count(); left > 0; left--)
        {
            topics.Add(new Topic(reader.Text(), reader.Text()) { Total = reader.Number() });
        }

        var consumers = new List<ConsumerState>();
        for (var left = reader.Count(); left > 0; left--)
        {
            var consumer = ReadHead(ref reader);
            consumer.Dead = reader.Number();
            consumer.Outstanding.UnionWith(reader.Ascending());
            foreach (var retry in ReadRetries(ref reader))
            {
                consumer.Retries[retry.Offset] = retry;
            }

            consumers.Add(consumer);
        }

        return new BrokerSnapshot(first, next, segments, topics, consumers);
    }

    public static byte[] Progress(ConsumerProgress progress)
    {
        var writer = PayloadWriter.Rent();
        writer.Number(progress.Consumer);
        writer.Number(progress.Cursor);
        writer.Number(progress.Count);
        writer.Ascending(progress.Done);
        writer.Ascending(progress.Outstanding);
        Write(writer, progress.Retries);
        writer.Number(progress.Ends.Count);
        foreach (var end in progress.Ends)
        {
            writer.Number(end.Offset);
            writer.Byte((byte)end.Kind);
        }

        return writer.ToArray();
    }

    public static ConsumerProgress ReadProgress(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var (consumer, cursor, count) = ((int)reader.Number(), reader.Number(), reader.Number());
        var (done, outstanding) = (reader.Ascending(), reader.Ascending());
        return new ConsumerProgress(consumer, cursor, count, done, outstanding, ReadRetries(ref reader), ReadEnds(ref reader));
    }

    /// <summary>A cursor below 0 says: the record's own offset.</summary>
    public static byte[] Consumer(ConsumerState consumer)
    {
        var writer = PayloadWriter.Rent();
        WriteHead(writer, consumer);
        return writer.ToArray();
    }

    public static ConsumerState ReadConsumer(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        return ReadHead(ref reader);
    }

    public static byte[] Number(long value)
    {
        var writer = PayloadWriter.Rent();
        writer.Number(value);
        return writer.ToArray();
    }

    public static long ReadNumber(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        return reader.Number();
    }

    /// <summary>What a consumer's own record and its place in a snapshot begin with.</summary>
    private static void WriteHead(PayloadWriter writer, ConsumerState consumer)
    {
        writer.Number(consumer.Id);
        writer.Text(consumer.PubSub);
        writer.Text(consumer.Topic);
        writer.Text(consumer.Name);
        writer.Text(consumer.Identity);
        writer.Number(consumer.Cursor);
        writer.Number(consumer.Count);
    }

    private static ConsumerState ReadHead(ref PayloadReader reader) =>
        new((int)reader.Number(), reader.Text(), reader.Text(), reader.Text())
        {
            Identity = reader.Text(),
            Cursor = reader.Number(),
            Count = reader.Number(),
        };

    private static void Write(PayloadWriter writer, IReadOnlyCollection<RetryState> retries)
    {
        writer.Number(retries.Count);
        foreach (var retry in retries)
        {
            writer.Number(retry.Offset);
            writer.Number(retry.Tries);
            writer.Int64(retry.Due);
            writer.OptionalText(retry.Cause);
            writer.OptionalText(retry.FirstTrace);
        }
    }

    /// <summary>What the version before wrote ends without them.</summary>
    private static List<ReplayEnd> ReadEnds(ref PayloadReader reader)
    {
        var ends = new List<ReplayEnd>();
        for (var left = reader.AtEnd ? 0 : reader.Count(); left > 0; left--)
        {
            ends.Add(new ReplayEnd(reader.Number(), (VerdictKind)reader.Byte()));
        }

        return ends;
    }

    private static List<RetryState> ReadRetries(ref PayloadReader reader)
    {
        var retries = new List<RetryState>();
        for (var left = reader.Count(); left > 0; left--)
        {
            retries.Add(new RetryState(reader.Number(), (int)reader.Number(), reader.Int64(), reader.OptionalText(), reader.OptionalText()));
        }

        return retries;
    }
}

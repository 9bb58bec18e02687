namespace HmsMesh.Broker.Log;

/// <summary>Where a log begins, where its newest segment does, and its head.</summary>
internal readonly record struct LogExtent(long First, long Newest, long Head)
{
    public static LogExtent Of(LogFiles files)
    {
        // The head first: what a segment that is made meanwhile holds lies behind it.
        var head = files.Head;
        var segments = files.Segments;
        return new LogExtent(segments[0].Base, segments[^1].Base, head);
    }

    public static LogExtent Read(byte[] bytes)
    {
        var reader = new PayloadReader(bytes);
        return new LogExtent(reader.Number(), reader.Number(), reader.Number());
    }

    public byte[] ToBytes()
    {
        var writer = PayloadWriter.Rent();
        writer.Number(First);
        writer.Number(Newest);
        writer.Number(Head);
        return writer.ToArray();
    }
}

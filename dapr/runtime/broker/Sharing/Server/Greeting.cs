using HmsMesh.Broker.Log;
using HmsMesh.Broker.Sharing.Wire;

namespace HmsMesh.Broker.Sharing.Server;

/// <summary>What a process says first, and what it is answered.</summary>
internal static class Greeting
{
    public static (int Version, string Client, int Pid, long Next) Read(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        if (reader.Int64() != Protocol.Magic)
        {
            throw new ProtocolException("it is no broker");
        }

        // The head is read by every version alike.
        var version = (int)WireCodec.Between(reader.Number(), 0, int.MaxValue);
        if (version != Protocol.Version)
        {
            return (version, "", 0, 1);
        }

        var client = WireCodec.Text(ref reader);
        if (client.Length != 32 || !client.All(char.IsAsciiHexDigitLower))
        {
            throw new ProtocolException("its name is none");
        }

        return (version, client, (int)WireCodec.Between(reader.Number(), 1, int.MaxValue), WireCodec.Between(reader.Number(), 1, long.MaxValue / 2));
    }

    /// <summary>It speaks another version.</summary>
    public static PayloadWriter Refusal()
    {
        var writer = PayloadWriter.Rent();
        writer.Number(Protocol.Version);
        writer.Number(Environment.ProcessId);
        return writer;
    }

    public static PayloadWriter Welcome(BrokerOptions options)
    {
        var writer = PayloadWriter.Rent();
        writer.Number(Protocol.Version);
        writer.Number(Environment.ProcessId);
        writer.Int64(options.Retention.Ticks);
        writer.Int64(options.MaxSize);
        writer.Number(options.SegmentSize);
        return writer;
    }
}

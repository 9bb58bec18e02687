using System.Buffers.Binary;

namespace HmsMesh.Broker.Log;

/// <summary>Whom a replayed event is for: the consumer's number, behind the event's own bytes.</summary>
internal static class ReplayTarget
{
    private const int Size = 8;

    public static byte[] Add(byte[] payload, int consumer)
    {
        var whole = new byte[payload.Length + Size];
        payload.CopyTo(whole, 0);
        BinaryPrimitives.WriteInt64LittleEndian(whole.AsSpan(payload.Length), consumer);
        return whole;
    }

    public static int Read(ReadOnlySpan<byte> payload) =>
        payload.Length > Size ? (int)BinaryPrimitives.ReadInt64LittleEndian(payload[^Size..]) : throw new InvalidDataException("a replay for nobody");
}

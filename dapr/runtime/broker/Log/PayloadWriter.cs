using System.Buffers.Binary;
using System.Text;

namespace HmsMesh.Broker.Log;

/// <summary>Builds a record's payload in a buffer that is used again.</summary>
internal sealed class PayloadWriter
{
    private const int Kept = 1 << 20;
    [ThreadStatic]
    private static PayloadWriter? Mine;
    private byte[] _buffer = new byte[1024];

    public int Length { get; private set; }

    /// <summary>This thread's writer, empty.</summary>
    public static PayloadWriter Rent()
    {
        var writer = Mine ??= new PayloadWriter();
        writer.Length = 0;
        if (writer._buffer.Length > Kept)
        {
            writer._buffer = new byte[1024];
        }

        return writer;
    }

    /// <summary>What was written; good until the next renting.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public byte[] ToArray() => _buffer.AsSpan(0, Length).ToArray();

    public void Byte(byte value) => Take(1)[0] = value;

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    /// <summary>Seven bits a byte, low ones first.</summary>
    public void Number(long value)
    {
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            Byte((byte)(rest | 0x80));
            rest >>= 7;
        }

        Byte((byte)rest);
    }

    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        Number(bytes);
        Encoding.UTF8.GetBytes(value, Take(bytes));
    }

    /// <summary>A text that may be missing.</summary>
    public void OptionalText(string? value)
    {
        Byte(value is null ? (byte)0 : (byte)1);
        if (value is not null)
        {
            Text(value);
        }
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Number(value.Length);
        value.CopyTo(Take(value.Length));
    }

    /// <summary>Ascending offsets, as their distances.</summary>
    public void Ascending(IReadOnlyCollection<long> values)
    {
        Number(values.Count);
        var last = 0L;
        foreach (var value in values)
        {
            Number(value - last);
            last = value;
        }
    }

    private Span<byte> Take(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        }

        var span = _buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace HmsMesh.Broker.Log;

/// <summary>Reads what <see cref="PayloadWriter"/> wrote. Its bytes have a good checksum, yet every length is checked.</summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position == _bytes.Length;

    public readonly int Left => _bytes.Length - Position;

    public byte Byte() => Take(1)[0];

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public long Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var one = Byte();
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80)
            {
                return (long)value;
            }
        }

        throw new InvalidDataException("a number of more than 64 bits");
    }

    public int Count()
    {
        var count = Number();
        return count >= 0 && count <= _bytes.Length - Position ? (int)count : throw new InvalidDataException("a count larger than its record");
    }

    public ReadOnlySpan<byte> Bytes() => Take(Count());

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public string? OptionalText() => Byte() == 0 ? null : Text();

    public List<long> Ascending()
    {
        var values = new List<long>(Count());
        var last = 0L;
        for (var left = values.Capacity; left > 0; left--)
        {
            last += Number();
            values.Add(last);
        }

        return values;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - Position)
        {
            throw new InvalidDataException("a record that ends too early");
        }

        var span = _bytes.Slice(Position, count);
        Position += count;
        return span;
    }
}

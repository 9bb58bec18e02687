using System.Globalization;
using System.Text;

namespace HmsMesh.Sidecar.Cel;

/// <summary>Reads one string or bytes literal: plain, raw, triple-quoted, with all escapes.</summary>
internal sealed class CelQuoted
{
    private readonly string _source;
    private readonly int _start;
    private readonly bool _raw;
    private readonly bool _bytes;
    private readonly List<byte> _octets = [];
    private readonly StringBuilder _text = new();
    private int _at;

    public CelQuoted(string source, int start, bool raw, bool bytes)
    {
        (_source, _start, _raw, _bytes) = (source, start, raw, bytes);
        _at = start;
    }

    public string Text => _text.ToString();

    public byte[] Bytes => [.. _octets];

    /// <summary>The position behind the closing quote.</summary>
    public int End => _at;

    public void Read()
    {
        var quote = _source[_at];
        var triple = _at + 2 < _source.Length && _source[_at + 1] == quote && _source[_at + 2] == quote;
        _at += triple ? 3 : 1;
        while (true)
        {
            if (_at >= _source.Length) throw new CelSyntaxException(_start, "a string that does not end");
            var c = _source[_at];
            if (c == quote && (!triple || Closes(quote)))
            {
                _at += triple ? 3 : 1;
                return;
            }

            if (!triple && (c is '\n' or '\r')) throw new CelSyntaxException(_at, "a line break in a string; only triple quotes take one");
            if (c == '\\' && !_raw) Escape();
            else Plain();
        }
    }

    private bool Closes(char quote) => _at + 2 < _source.Length && _source[_at + 1] == quote && _source[_at + 2] == quote;

    private void Plain()
    {
        if (Rune.DecodeFromUtf16(_source.AsSpan(_at), out var rune, out var length) != System.Buffers.OperationStatus.Done)
            throw new CelSyntaxException(_at, "half a surrogate pair is no character");
        _at += length;
        Append(rune);
    }

    private void Append(Rune rune)
    {
        if (!_bytes)
        {
            _text.Append(rune.ToString());
            return;
        }

        Span<byte> utf8 = stackalloc byte[4];
        _octets.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
    }

    private void Escape()
    {
        var at = _at++;
        var c = _at < _source.Length ? _source[_at++] : '\0';
        switch (c)
        {
            case '\\' or '?' or '"' or '\'' or '`': Append(new Rune(c)); break;
            case 'a': Append(new Rune('\a')); break;
            case 'b': Append(new Rune('\b')); break;
            case 'f': Append(new Rune('\f')); break;
            case 'n': Append(new Rune('\n')); break;
            case 'r': Append(new Rune('\r')); break;
            case 't': Append(new Rune('\t')); break;
            case 'v': Append(new Rune('\v')); break;
            case 'x' or 'X': Code(at, Digits(at, 2, 16), octet: true); break;
            case 'u' when !_bytes: Code(at, Digits(at, 4, 16), octet: false); break;
            case 'U' when !_bytes: Code(at, Digits(at, 8, 16), octet: false); break;
            case >= '0' and <= '3': _at--; Code(at, Digits(at, 3, 8), octet: true); break;
            default: throw new CelSyntaxException(at, "an escape that there is none of");
        }
    }

    private uint Digits(int at, int count, int radix)
    {
        var value = 0u;
        for (var i = 0; i < count; i++)
        {
            var c = _at < _source.Length ? _source[_at++] : '\0';
            var digit = char.IsAsciiHexDigit(c) ? int.Parse(c.ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : radix;
            if (digit >= radix) throw new CelSyntaxException(at, $"an escape that needs {count} digits");
            value = value * (uint)radix + (uint)digit;
        }

        return value;
    }

    private void Code(int at, uint value, bool octet)
    {
        if (_bytes && octet) _octets.Add((byte)value);
        else if (Rune.IsValid(value)) Append(new Rune(value));
        else throw new CelSyntaxException(at, "an escape that is no Unicode character");
    }
}

using System.Globalization;

namespace HmsMesh.Contracts;

/// <content>Which characters a place of the pattern takes: literals, classes and escapes.</content>
internal sealed partial class EcmaPattern
{
    private const string Syntax = @"^$\.*+?()[]{}|/";

    private CodePoints Characters()
    {
        if (Take("."))
        {
            return CodePoints.Dot;
        }

        if (Take("["))
        {
            return Class();
        }

        if (Take(@"\"))
        {
            return Escape(inClass: false);
        }

        var literal = Next();
        return literal < 128 && "*+?{}]".Contains((char)literal) ? throw new FormatException($"{(char)literal} stands where nothing can be repeated or closed; write \\{(char)literal}") : CodePoints.Of((literal, literal));
    }

    private CodePoints Class()
    {
        var isNegated = Take("^");
        var set = new CodePoints();
        while (!Take("]"))
        {
            var (first, single) = ClassAtom();
            if (_at + 1 < _source.Length && _source[_at] == '-' && _source[_at + 1] != ']')
            {
                _at++;
                var (_, end) = ClassAtom();
                if (single is not { } from || end is not { } to || from > to)
                {
                    throw new FormatException("a range in [] does not go from one character to a later one");
                }

                set.Add(from, to);
            }
            else
            {
                set.Add(first);
            }
        }

        return isNegated ? set.Complement() : set;
    }

    private (CodePoints Set, int? Single) ClassAtom()
    {
        if (_at >= _source.Length)
        {
            throw new FormatException("a [ is not closed");
        }

        if (!Take(@"\"))
        {
            var literal = Next();
            return (CodePoints.Of((literal, literal)), literal);
        }

        var isClass = _at < _source.Length && "dDwWsS".Contains(_source[_at]);
        var set = Escape(inClass: true);
        return (set, isClass ? null : set.Single);
    }

    private CodePoints Escape(bool inClass)
    {
        var escaped = _at < _source.Length ? _source[_at++] : throw new FormatException(@"it ends with \");
        switch (escaped)
        {
            case 'd': return CodePoints.Digits;
            case 'D': return CodePoints.Digits.Complement();
            case 'w': return CodePoints.Words;
            case 'W': return CodePoints.Words.Complement();
            case 's': return CodePoints.Spaces;
            case 'S': return CodePoints.Spaces.Complement();
            case 't': return One('\t');
            case 'n': return One('\n');
            case 'v': return One('\v');
            case 'f': return One('\f');
            case 'r': return One('\r');
            case 'b' when inClass: return One('\b');
            case '-' when inClass: return One('-');
            case '0' when _at == _source.Length || !char.IsAsciiDigit(_source[_at]): return One(0);
            case 'c' when _at < _source.Length && char.IsAsciiLetter(_source[_at]): return One(_source[_at++] % 32);
            case 'x': return One(Hex(2));
            case 'u': return One(Unicode());
            default: return Syntax.Contains(escaped) ? One(escaped) : throw new FormatException($"\\{escaped} is not known here");
        }
    }

    private int Unicode()
    {
        if (Take("{"))
        {
            var end = _source.IndexOf('}', _at);
            var braced = end - _at is > 0 and <= 6 ? Hex(end - _at) : throw new FormatException(@"\u{ is not closed");
            _at++;
            return braced is <= 0x10FFFF and (< 0xD800 or > 0xDFFF) ? braced : throw new FormatException(@"\u{} names no character");
        }

        var unit = Hex(4);
        if (char.IsHighSurrogate((char)unit) && Take(@"\u"))
        {
            var low = Hex(4);
            if (char.IsLowSurrogate((char)low))
            {
                return char.ConvertToUtf32((char)unit, (char)low);
            }
        }

        return char.IsSurrogate((char)unit) ? throw new FormatException(@"\u names half of a character") : unit;
    }

    private int Hex(int digits)
    {
        if (_at + digits > _source.Length || !int.TryParse(_source.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            throw new FormatException("an escape lacks its hexadecimal digits");
        }

        _at += digits;
        return value;
    }

    private static CodePoints One(int codePoint) => CodePoints.Of((codePoint, codePoint));
}

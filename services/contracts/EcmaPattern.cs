using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HmsMesh.Contracts;

/// <summary>A regular expression of a contract, as ECMA-262 reads it with its flag u, for .NET: $ is the very end, \d the ten digits, and a
/// character one character, however many units it has. What another language's engine cannot do the same is refused.</summary>
internal sealed class EcmaPattern
{
    private const int LongestPattern = 4000;
    private const int MostRepeats = 10_000;
    private const string Syntax = @"^$\.*+?()[]{}|/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly string _source;
    private readonly StringBuilder _result = new();
    private int _at;

    private EcmaPattern(string source) => _source = source;

    /// <summary>Throws a <see cref="FormatException"/> with the reason where it is none.</summary>
    public static Regex Compile(string pattern)
    {
        if (pattern.Length > LongestPattern)
        {
            throw new FormatException($"it has more than {LongestPattern} characters");
        }

        var reader = new EcmaPattern(pattern);
        reader.Alternatives();
        if (reader._at < pattern.Length)
        {
            throw new FormatException("a ) closes nothing");
        }

        return new Regex(reader._result.ToString(), RegexOptions.CultureInvariant, Patience);
    }

    private void Alternatives()
    {
        while (_at < _source.Length && _source[_at] != ')')
        {
            if (Take("|"))
            {
                _result.Append('|');
            }
            else if (Term())
            {
                Quantifier();
            }
        }
    }

    /// <summary>True where it may be repeated.</summary>
    private bool Term()
    {
        if (Take("^"))
        {
            return Assertion("^");
        }

        if (Take("$"))
        {
            return Assertion(@"\z");
        }

        if (Take(@"\b") || Take(@"\B"))
        {
            var word = CodePoints.Words.ToPattern();
            return Assertion(_source[_at - 1] == 'b' ? $"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))" : $"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))");
        }

        if (Take("(?=") || Take("(?!"))
        {
            Group($"(?{_source[_at - 1]}");
            return false;
        }

        if (Take("(?:"))
        {
            Group("(?:");
        }
        else if (Take("("))
        {
            // Nothing refers to a group, so that none needs a number.
            Group(_at < _source.Length && _source[_at] == '?' ? throw new FormatException("names, look-behind and flags of groups are not known here") : "(?:");
        }
        else
        {
            _result.Append(Characters().ToPattern());
        }

        return true;
    }

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

    private void Group(string opening)
    {
        _result.Append(opening);
        Alternatives();
        if (!Take(")"))
        {
            throw new FormatException("a ( is not closed");
        }

        _result.Append(')');
    }

    private bool Assertion(string pattern)
    {
        _result.Append(pattern);
        return false;
    }

    private void Quantifier()
    {
        if (Take("*") || Take("+") || Take("?"))
        {
            _result.Append(_source[_at - 1]);
        }
        else if (Take("{"))
        {
            var (least, most) = (Number(), default(int?));
            var isOpen = Take(",");
            if (isOpen && _at < _source.Length && _source[_at] != '}')
            {
                most = Number();
            }

            if (!Take("}") || most < least)
            {
                throw new FormatException("a { is no count such as {2}, {2,} or {2,5}");
            }

            _result.Append(CultureInfo.InvariantCulture, $"{{{least}{(isOpen ? "," : "")}{most}}}");
        }
        else
        {
            return;
        }

        if (Take("?"))
        {
            _result.Append('?');
        }
    }

    private int Number()
    {
        var start = _at;
        while (_at < _source.Length && char.IsAsciiDigit(_source[_at]))
        {
            _at++;
        }

        return int.TryParse(_source.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostRepeats
            ? number
            : throw new FormatException($"a {{ is no count of at most {MostRepeats}");
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

    private int Next()
    {
        if (!Rune.TryGetRuneAt(_source, _at, out var rune))
        {
            throw new FormatException("it holds half of a character");
        }

        _at += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private bool Take(string wanted)
    {
        var found = string.CompareOrdinal(_source, _at, wanted, 0, wanted.Length) == 0;
        _at += found ? wanted.Length : 0;
        return found;
    }

    private static CodePoints One(int codePoint) => CodePoints.Of((codePoint, codePoint));
}

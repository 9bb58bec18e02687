using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HmsMesh.Contracts;

/// <summary>A regular expression of a contract, as ECMA-262 reads it with its flag u, for .NET: $ is the very end, \d the ten digits, and a
/// character one character, however many units it has. What another language's engine cannot do the same is refused.</summary>
internal sealed partial class EcmaPattern
{
    private const int LongestPattern = 4000;
    private const int MostRepeats = 10_000;
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
}

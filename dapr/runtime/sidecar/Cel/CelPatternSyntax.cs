using System.Text;

namespace HmsMesh.Sidecar.Cel;

/// <summary>
/// Writes RE2's syntax as .NET's, where the two differ: <c>$</c> is the very end, <c>\d \w \s</c> are ASCII, a dot or a negated class takes a whole
/// character also beyond U+FFFF, <c>[[:alpha:]]</c>, <c>\Q..\E</c>, <c>\z</c>, <c>(?P&lt;name&gt;</c>, <c>\pL</c>.
/// </summary>
internal sealed class CelPatternSyntax
{
    private const string Pair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";

    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\x00-\x7F",
        ["blank"] = @"\t ",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = "0-9",
        ["graph"] = "!-~",
        ["lower"] = "a-z",
        ["print"] = " -~",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["space"] = @"\t\n\v\f\r ",
        ["upper"] = "A-Z",
        ["word"] = "0-9A-Za-z_",
        ["xdigit"] = "0-9A-Fa-f",
    };

    private readonly StringBuilder _out = new();
    private readonly string _pattern;
    private readonly bool _multiline;
    private int _at;

    private CelPatternSyntax(string pattern)
    {
        _pattern = pattern;
        _multiline = HasFlag(pattern, 'm');
    }

    public static string Translate(string pattern)
    {
        var syntax = new CelPatternSyntax(pattern);
        while (syntax._at < pattern.Length) syntax.One();
        return syntax._out.ToString();
    }

    private static bool HasFlag(string pattern, char flag)
    {
        for (var at = pattern.IndexOf("(?", StringComparison.Ordinal); at >= 0; at = pattern.IndexOf("(?", at + 2, StringComparison.Ordinal))
        {
            var end = at + 2;
            while (end < pattern.Length && char.IsAsciiLetter(pattern[end])) end++;
            if (end < pattern.Length && pattern[end] is ')' or ':' or '-' && pattern[(at + 2)..end].Contains(flag, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private void One()
    {
        var c = _pattern[_at];
        if (c == '\\') Escape();
        else if (c == '[') Class();
        else if (c == '.') Put(HasFlag(_pattern, 's') ? "." : $"(?:{Pair}|[^\\n])");
        else if (c == '$') Put(_multiline ? "$" : @"\z");
        else if (c == '(' && Ahead("(?P<")) Put("(?<", 4);
        else if (c == '(' && Ahead("(?")) Flags();
        else if (char.IsHighSurrogate(c) && _at + 1 < _pattern.Length) Put($"(?:{_pattern.Substring(_at, 2)})", 2);
        else if (c == '#') Put(@"\#");
        else Put(c.ToString());
    }

    private void Flags()
    {
        var end = _at + 2;
        while (end < _pattern.Length && (char.IsAsciiLetter(_pattern[end]) || _pattern[end] == '-')) end++;
        var flags = _pattern[(_at + 2)..end];
        if (end >= _pattern.Length || _pattern[end] is not (')' or ':') || flags.Any(f => !"imsU-".Contains(f, StringComparison.Ordinal)))
        {
            // A look-ahead and the like, which the engine refuses, or an error that it names.
            Put("(?", 2);
            return;
        }

        // Greed makes no difference to whether there is a match.
        var kept = flags.Replace("U", string.Empty, StringComparison.Ordinal).TrimEnd('-');
        Put(kept.Length == 0 && _pattern[end] == ')' ? string.Empty : $"(?{kept}{_pattern[end]}", end + 1 - _at);
    }

    private void Escape()
    {
        if (Ahead(@"\Q"))
        {
            var end = _pattern.IndexOf(@"\E", _at + 2, StringComparison.Ordinal);
            var literal = end < 0 ? _pattern[(_at + 2)..] : _pattern[(_at + 2)..end];
            Put(System.Text.RegularExpressions.Regex.Escape(literal), literal.Length + (end < 0 ? 2 : 4));
            return;
        }

        var next = _at + 1 < _pattern.Length ? _pattern[_at + 1] : '\0';
        if (Known(next, out var inClass, out var negated))
            Put(negated ? $"(?:{Pair}|[^{inClass}])" : $"[{inClass}]", 2);
        else if (next is 'p' or 'P') Property();
        else if (next == 'x' && Ahead(@"\x{")) CodePoint();
        else if (next is 'Z' or 'G' or 'k' or 'c' or 'e' or 'u' || char.IsAsciiDigit(next) && next != '0') throw Fault($"no escape \\{next}");
        else Put(_pattern.Substring(_at, Math.Min(2, _pattern.Length - _at)), 2);
    }

    private void Class()
    {
        var negated = Ahead("[^");
        var start = _out.Length;
        _at += negated ? 2 : 1;
        var first = true;
        while (true)
        {
            if (_at >= _pattern.Length) throw Fault("a class that does not end");
            var c = _pattern[_at];
            if (c == ']' && !first) break;
            first = false;
            if (c == '[' && Ahead("[:") && _pattern.IndexOf(":]", _at, StringComparison.Ordinal) is var end and > 0) Named(end);
            else if (c == '\\') EscapeInClass();
            else if (c is '[' or ']') Put("\\" + c);
            else if (char.IsSurrogate(c)) throw Fault("a class with a character beyond U+FFFF");
            else Put(c.ToString());
        }

        _at++;
        var members = _out.ToString(start, _out.Length - start);
        _out.Length = start;
        _out.Append(negated ? $"(?:{Pair}|[^{members}])" : $"[{members}]");
    }

    private void Named(int end)
    {
        var name = _pattern[(_at + 2)..end];
        if (!Classes.TryGetValue(name, out var members)) throw Fault($"no class [:{name}:]");
        Put(members, end + 2 - _at);
    }

    private void EscapeInClass()
    {
        var next = _at + 1 < _pattern.Length ? _pattern[_at + 1] : '\0';
        if (Known(next, out var members, out var negated)) Put(negated ? _pattern.Substring(_at, 2) : members, 2);
        else if (next is 'p' or 'P') Property();
        else if (next == 'x' && Ahead(@"\x{")) CodePoint();
        else Put(_pattern.Substring(_at, Math.Min(2, _pattern.Length - _at)), 2);
    }

    private void Property()
    {
        if (_at + 2 < _pattern.Length && _pattern[_at + 2] != '{') Put($"{_pattern.AsSpan(_at, 2)}{{{_pattern[_at + 2]}}}", 3);
        else Put(_pattern.Substring(_at, 2), 2);
        var close = _out[^1] == '}' ? -1 : _pattern.IndexOf('}', _at);
        if (close > 0) Put(_pattern[_at..(close + 1)], close + 1 - _at);
    }

    private void CodePoint()
    {
        var close = _pattern.IndexOf('}', _at);
        if (close < 0 || !int.TryParse(_pattern.AsSpan(_at + 3, close - _at - 3), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
            throw Fault("a code point that is none");
        Put(code > 0xFFFF ? $"(?:{new Rune(code)})" : $"\\u{code:X4}", close + 1 - _at);
    }

    private static bool Known(char escape, out string members, out bool negated)
    {
        members = char.ToLowerInvariant(escape) switch { 'd' => "0-9", 'w' => "0-9A-Za-z_", 's' => @"\t\n\f\r ", _ => string.Empty };
        negated = char.IsAsciiLetterUpper(escape);
        return members.Length > 0;
    }

    private static FormatException Fault(string message) => new(message);

    private bool Ahead(string text) => string.CompareOrdinal(_pattern, _at, text, 0, text.Length) == 0;

    private void Put(string text, int consumed = 1)
    {
        _out.Append(text);
        _at += consumed;
    }
}

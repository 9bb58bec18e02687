using System.Globalization;

namespace HmsMesh.Sidecar.Cel;

/// <summary>Cuts an expression into tokens.</summary>
internal sealed class CelLexer(string text)
{
    private static readonly string[] LongSymbols = ["&&", "||", "==", "!=", "<=", ">="];

    private int _at;

    public CelToken Next()
    {
        SkipBlanks();
        if (_at >= text.Length) return new CelToken(CelTokenKind.End, text.Length, "the end");
        var start = _at;
        var c = text[_at];
        if (c is '"' or '\'') return Quoted(raw: false, bytes: false);
        if (IsNameStart(c)) return NameOrPrefixed(start);
        if (char.IsAsciiDigit(c) || c == '.' && char.IsAsciiDigit(Peek(1))) return Number(start);
        foreach (var symbol in LongSymbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) != 0) continue;
            _at += symbol.Length;
            return new CelToken(CelTokenKind.Symbol, start, symbol);
        }

        if (!"()[]{}.,:?!<>+-*/%".Contains(c, StringComparison.Ordinal)) throw new CelSyntaxException(start, $"unexpected character {Shown(c)}");
        _at++;
        return new CelToken(CelTokenKind.Symbol, start, c.ToString());
    }

    private static bool IsNameStart(char c) => c == '_' || char.IsAsciiLetter(c);

    private static string Shown(char c) => c < ' ' || c > '~' ? string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}") : $"'{c}'";

    private char Peek(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private void SkipBlanks()
    {
        while (_at < text.Length)
        {
            if (text[_at] is ' ' or '\t' or '\n' or '\r' or '\f')
            {
                _at++;
            }
            else if (text[_at] == '/' && Peek(1) == '/')
            {
                while (_at < text.Length && text[_at] != '\n') _at++;
            }
            else
            {
                return;
            }
        }
    }

    private CelToken NameOrPrefixed(int start)
    {
        var raw = false;
        var bytes = false;
        var prefix = _at;
        while (prefix < text.Length && prefix - start < 2)
        {
            if (!raw && (text[prefix] is 'r' or 'R')) raw = true;
            else if (!bytes && !raw && (text[prefix] is 'b' or 'B')) bytes = true;
            else break;
            prefix++;
        }

        if (prefix > start && prefix < text.Length && (text[prefix] is '"' or '\''))
        {
            _at = prefix;
            return Quoted(raw, bytes) with { Position = start };
        }

        while (_at < text.Length && (IsNameStart(text[_at]) || char.IsAsciiDigit(text[_at]))) _at++;
        return new CelToken(CelTokenKind.Name, start, text[start.._at]);
    }

    private CelToken Quoted(bool raw, bool bytes)
    {
        var literal = new CelQuoted(text, _at, raw, bytes);
        literal.Read();
        var token = bytes
            ? new CelToken(CelTokenKind.Bytes, _at, string.Empty, literal.Bytes)
            : new CelToken(CelTokenKind.String, _at, literal.Text);
        _at = literal.End;
        return token;
    }

    private CelToken Number(int start)
    {
        if (text[_at] == '0' && Peek(1) is 'x' or 'X')
        {
            if (!char.IsAsciiHexDigit(Peek(2))) throw new CelSyntaxException(start, "a hexadecimal number needs digits after 0x");
            _at += 2;
            while (char.IsAsciiHexDigit(Peek(0))) _at++;
            return Whole(start);
        }

        var isDouble = false;
        while (char.IsAsciiDigit(Peek(0))) _at++;
        if (Peek(0) == '.' && char.IsAsciiDigit(Peek(1)))
        {
            isDouble = true;
            _at++;
            while (char.IsAsciiDigit(Peek(0))) _at++;
        }

        if (Peek(0) is 'e' or 'E')
        {
            var sign = Peek(1) is '+' or '-' ? 1 : 0;
            if (char.IsAsciiDigit(Peek(1 + sign)))
            {
                isDouble = true;
                _at += 2 + sign;
                while (char.IsAsciiDigit(Peek(0))) _at++;
            }
        }

        return isDouble ? Ended(new CelToken(CelTokenKind.Double, start, text[start.._at])) : Whole(start);
    }

    private CelToken Whole(int start)
    {
        var digits = text[start.._at];
        if (Peek(0) is not ('u' or 'U')) return Ended(new CelToken(CelTokenKind.Int, start, digits));
        _at++;
        return Ended(new CelToken(CelTokenKind.Uint, start, digits));
    }

    private CelToken Ended(CelToken token) =>
        IsNameStart(Peek(0)) ? throw new CelSyntaxException(_at, $"unexpected {Shown(Peek(0))} after a number") : token;
}

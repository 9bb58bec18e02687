using System.Globalization;

namespace HmsMesh.Sidecar.Cel;

/// <summary>Makes a tree of an expression, by recursive descent; macros are expanded here.</summary>
internal sealed class CelParser
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal) { "true", "false", "null", "in" };

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void",
        "while",
    };

    private readonly CelTokens _tokens;
    private int _depth;
    private int _nodes;

    private CelParser(string text) => _tokens = new CelTokens(text);

    public static CelNode Parse(string text)
    {
        var parser = new CelParser(text);
        var node = parser.Expression();
        return parser._tokens.Now.Kind == CelTokenKind.End ? node : throw parser._tokens.Unexpected();
    }

    private CelNode Expression()
    {
        if (++_depth > CelLimits.MaxDepth) throw TooDeep();
        var condition = Or();
        if (_tokens.Is("?"))
        {
            var position = _tokens.Advance().Position;
            var whenTrue = Or();
            _tokens.Expect(":");
            condition = Made(new CelConditional(position, condition, whenTrue, Expression()));
        }

        _depth--;
        return condition;
    }

    private CelNode Or() => Logic("||", And);

    private CelNode And() => Logic("&&", Relation);

    private CelNode Logic(string symbol, Func<CelNode> term)
    {
        var first = term();
        if (!_tokens.Is(symbol)) return first;
        var position = _tokens.Now.Position;
        var terms = new List<CelNode> { first };
        while (_tokens.Is(symbol))
        {
            _tokens.Advance();
            terms.Add(term());
        }

        return Made(new CelLogic(position, symbol == "||", terms));
    }

    private CelNode Relation() => Chain(Addition, "==", "!=", "<", "<=", ">", ">=", "in");

    private CelNode Addition() => Chain(Multiplication, "+", "-");

    private CelNode Multiplication() => Chain(Unary, "*", "/", "%");

    private CelNode Chain(Func<CelNode> part, params ReadOnlySpan<string> operators)
    {
        var left = part();
        while (_tokens.IsAny(operators))
        {
            var symbol = _tokens.Advance();
            left = Made(new CelCall(symbol.Position, $"_{symbol.Text}_", isMember: false, [left, part()]));
        }

        return left;
    }

    private CelNode Unary()
    {
        if (!_tokens.Is("!") && !_tokens.Is("-")) return Member(Primary());
        var symbol = _tokens.Now.Text;
        var operators = new List<int>();
        while (_tokens.Is(symbol)) operators.Add(_tokens.Advance().Position);
        CelNode node;
        if (_tokens.Now.Kind is CelTokenKind.Int or CelTokenKind.Double && symbol == "-")
        {
            // The last minus belongs to the number, so that the least int can be written.
            node = Member(Number(isNegative: true));
            operators.RemoveAt(operators.Count - 1);
        }
        else if (_tokens.Is("-"))
        {
            _tokens.Advance();
            node = _tokens.Now.Kind is CelTokenKind.Int or CelTokenKind.Double ? Member(Number(isNegative: true)) : throw _tokens.Unexpected();
        }
        else
        {
            node = Member(Primary());
        }

        for (var i = operators.Count - 1; i >= 0; i--) node = Made(new CelCall(operators[i], $"{symbol}_", isMember: false, [node]));
        return node;
    }

    private CelNode Member(CelNode node)
    {
        while (true)
        {
            if (_tokens.Is("."))
            {
                var position = _tokens.Advance().Position;
                var name = _tokens.Now.Kind == CelTokenKind.Name && !Keywords.Contains(_tokens.Now.Text) ? _tokens.Advance().Text : throw _tokens.Unexpected();
                node = _tokens.Is("(") ? MemberCall(position, node, name) : Made(new CelSelect(position, node, name));
            }
            else if (_tokens.Is("["))
            {
                var position = _tokens.Advance().Position;
                var index = Expression();
                _tokens.Expect("]");
                node = Made(new CelCall(position, "_[_]", isMember: false, [node, index]));
            }
            else if (node is CelVariable or CelSelect && _tokens.Is("{"))
            {
                throw new CelSyntaxException(_tokens.Now.Position, "protocol buffer messages are not supported");
            }
            else
            {
                return node;
            }
        }
    }

    private CelNode MemberCall(int position, CelNode receiver, string name)
    {
        var arguments = Arguments();
        return CelMacros.Expand(position, receiver, name, arguments) is { } macro
            ? Made(macro)
            : Made(new CelCall(position, name, isMember: true, [receiver, .. arguments]));
    }

    private CelNode Primary()
    {
        var token = _tokens.Now;
        switch (token.Kind)
        {
            case CelTokenKind.Int or CelTokenKind.Uint or CelTokenKind.Double:
                return Number(isNegative: false);
            case CelTokenKind.String:
                _tokens.Advance();
                return Made(new CelLiteral(token.Position, CelType.String, CelValue.Of(token.Text)));
            case CelTokenKind.Bytes:
                _tokens.Advance();
                return Made(new CelLiteral(token.Position, CelType.Bytes, CelValue.Of(token.Bytes!)));
            case CelTokenKind.Name:
                return Named(rooted: false);
            case CelTokenKind.Symbol when token.Text == ".":
                _tokens.Advance();
                return _tokens.Now.Kind == CelTokenKind.Name && !Keywords.Contains(_tokens.Now.Text) ? Named(rooted: true) : throw _tokens.Unexpected();
            case CelTokenKind.Symbol when token.Text == "(":
                _tokens.Advance();
                var inner = Expression();
                _tokens.Expect(")");
                return inner;
            case CelTokenKind.Symbol when token.Text == "[":
                return ListLiteral();
            case CelTokenKind.Symbol when token.Text == "{":
                return MapLiteral();
            default:
                throw _tokens.Unexpected();
        }
    }

    private CelNode Named(bool rooted)
    {
        var token = _tokens.Advance();
        switch (token.Text)
        {
            case "true" or "false":
                return Made(new CelLiteral(token.Position, CelType.Bool, CelValue.Of(token.Text == "true")));
            case "null":
                return Made(new CelLiteral(token.Position, CelType.Null, CelValue.Null));
            case "in":
                throw new CelSyntaxException(token.Position, "unexpected 'in'");
        }

        if (Reserved.Contains(token.Text)) throw new CelSyntaxException(token.Position, $"'{token.Text}' is a reserved word");
        if (!_tokens.Is("(")) return Made(new CelVariable(token.Position, token.Text, rooted));
        var arguments = Arguments();
        if (token.Text != "has" || arguments.Count != 1) return Made(new CelCall(token.Position, token.Text, isMember: false, arguments));
        return arguments[0] is CelSelect select ? Made(select.AsPresence()) : throw new CelSyntaxException(token.Position, "has() takes a field, such as has(a.b)");
    }

    private CelNode ListLiteral()
    {
        var position = _tokens.Advance().Position;
        var elements = Separated("]", Expression);
        return Made(new CelListLiteral(position, elements));
    }

    private CelNode MapLiteral()
    {
        var position = _tokens.Advance().Position;
        var entries = Separated("}", () =>
        {
            var key = Expression();
            _tokens.Expect(":");
            return (key, Expression());
        });
        return Made(new CelMapLiteral(position, entries));
    }

    private List<CelNode> Arguments()
    {
        _tokens.Expect("(");
        var arguments = new List<CelNode>();
        if (!_tokens.Is(")")) arguments.Add(Expression());
        while (!_tokens.Is(")"))
        {
            _tokens.Expect(",");
            arguments.Add(Expression());
        }

        _tokens.Advance();
        return arguments;
    }

    private List<T> Separated<T>(string end, Func<T> item)
    {
        var items = new List<T>();
        while (!_tokens.Is(end))
        {
            items.Add(item());
            if (!_tokens.Is(end)) _tokens.Expect(",");
        }

        _tokens.Expect(end);
        return items;
    }

    private CelNode Number(bool isNegative)
    {
        var token = _tokens.Advance();
        var text = token.Text;
        if (token.Kind == CelTokenKind.Double)
        {
            var value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            if (double.IsInfinity(value)) throw new CelSyntaxException(token.Position, $"{text} is out of the range of double");
            return Made(new CelLiteral(token.Position, CelType.Double, CelValue.Of(isNegative ? -value : value)));
        }

        var hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var style = hex ? NumberStyles.HexNumber : NumberStyles.None;
        if (!ulong.TryParse(hex ? text.AsSpan(2) : text, style, CultureInfo.InvariantCulture, out var magnitude)) throw OutOfRange(token);
        if (token.Kind == CelTokenKind.Uint) return Made(new CelLiteral(token.Position, CelType.Uint, CelValue.Of(magnitude)));
        if (magnitude > (ulong)long.MaxValue + (isNegative ? 1UL : 0UL)) throw OutOfRange(token);
        return Made(new CelLiteral(token.Position, CelType.Int, CelValue.Of(isNegative ? unchecked(-(long)magnitude) : (long)magnitude)));
    }

    private static CelSyntaxException OutOfRange(CelToken token) =>
        new(token.Position, $"{token.Text} is out of the range of {(token.Kind == CelTokenKind.Uint ? "uint" : "int")}");

    private CelNode Made(CelNode node)
    {
        if (++_nodes > CelLimits.MaxNodes) throw new CelSyntaxException(node.Position, $"more than {CelLimits.MaxNodes} parts");
        return node.Depth <= CelLimits.MaxDepth ? node : throw TooDeep();
    }

    private CelSyntaxException TooDeep() => new(_tokens.Now.Position, $"nested deeper than {CelLimits.MaxDepth} levels");
}

namespace HmsMesh.Sidecar.Cel;

/// <summary>The token that the parser looks at, and the steps past it.</summary>
internal sealed class CelTokens
{
    private readonly CelLexer _lexer;

    public CelTokens(string text)
    {
        _lexer = new CelLexer(text);
        Now = _lexer.Next();
    }

    public CelToken Now { get; private set; }

    public bool Is(string symbol) => Now.Kind == CelTokenKind.Symbol && Now.Text == symbol;

    public bool IsAny(ReadOnlySpan<string> operators)
    {
        if (Now.Kind is not (CelTokenKind.Symbol or CelTokenKind.Name)) return false;
        foreach (var symbol in operators)
        {
            if (symbol == Now.Text) return true;
        }

        return false;
    }

    public CelToken Advance()
    {
        var token = Now;
        Now = _lexer.Next();
        return token;
    }

    public void Expect(string symbol)
    {
        if (!Is(symbol)) throw new CelSyntaxException(Now.Position, $"'{symbol}' expected, not {Shown()}");
        Advance();
    }

    public CelSyntaxException Unexpected() => new(Now.Position, $"unexpected {Shown()}");

    private string Shown() => Now.Kind switch
    {
        CelTokenKind.End => "the end",
        CelTokenKind.String or CelTokenKind.Bytes => "string",
        _ => $"'{Now.Text}'",
    };
}

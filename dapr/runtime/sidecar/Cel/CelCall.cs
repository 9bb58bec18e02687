namespace HmsMesh.Sidecar.Cel;

/// <summary>A call of a function or operator; all of the standard definitions take one argument or two, the receiver included.</summary>
internal sealed class CelCall : CelNode
{
    private readonly string _name;
    private readonly bool _isMember;
    private readonly CelNode[] _arguments;
    private CelUnary? _unary;
    private CelBinary? _binary;

    public CelCall(int position, string name, bool isMember, IEnumerable<CelNode> arguments)
        : base(position)
    {
        _name = name;
        _isMember = isMember;
        _arguments = [.. arguments];
        Depth = DeepestOf(_arguments) + 1;
    }

    public override CelType Check(CelChecker checker)
    {
        if (!CelLibrary.Functions.TryGetValue(_name, out var function)) throw new CelSyntaxException(Position, $"undeclared function '{_name}'");
        var types = Array.ConvertAll(_arguments, a => a.Check(checker));
        var result = function.Resolve(_isMember, types)
            ?? throw new CelSyntaxException(Position, $"no overload of '{_name}' takes {Shown(types)}");
        _unary = types.Length == 1 ? function.Unary : null;
        _binary = types.Length == 2 ? function.Binary : null;
        if (_name == "matches" && _arguments[1] is CelLiteral { Value.Kind: CelKind.String } pattern)
        {
            var regex = CelPattern.Compile(pattern.Value.Text, out var problem)
                ?? throw new CelSyntaxException(pattern.Position, problem!);
            _binary = CelStrings.MatchesOf(regex);
        }

        return result;
    }

    public override CelValue Evaluate(CelContext context)
    {
        var first = _arguments[0].Evaluate(context);
        if (first.IsError) return first;
        if (_unary is not null) return context.Pay(first.Weight) ? _unary(context, first) : CelContext.TooCostly();
        var second = _arguments[1].Evaluate(context);
        if (second.IsError) return second;
        return context.Pay() ? _binary!(context, first, second) : CelContext.TooCostly();
    }

    private string Shown(CelType[] types) =>
        _isMember ? $"({string.Join(", ", types.Skip(1))}) on {types[0]}" : $"({string.Join(", ", (IEnumerable<CelType>)types)})";
}

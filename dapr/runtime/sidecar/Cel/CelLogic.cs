namespace HmsMesh.Sidecar.Cel;

/// <summary>
/// <c>||</c> or <c>&amp;&amp;</c> of any number of terms. A term that decides the result decides it wherever it stands: errors of the others are absorbed.
/// </summary>
internal sealed class CelLogic : CelNode
{
    private readonly CelNode[] _terms;
    private readonly bool _isOr;

    public CelLogic(int position, bool isOr, IEnumerable<CelNode> terms)
        : base(position)
    {
        _isOr = isOr;
        _terms = [.. terms];
        Depth = DeepestOf(_terms) + 1;
    }

    public override CelType Check(CelChecker checker)
    {
        foreach (var term in _terms)
        {
            var type = term.Check(checker);
            if (!type.IsDyn && type != CelType.Bool) throw new CelSyntaxException(term.Position, $"'{Symbol}' takes bool, not {type}");
        }

        return CelType.Bool;
    }

    public override CelValue Evaluate(CelContext context)
    {
        CelValue? problem = null;
        foreach (var term in _terms)
        {
            var value = term.Evaluate(context);
            if (!context.Pay()) return CelContext.TooCostly();
            if (value.Kind != CelKind.Bool) problem ??= value.IsError ? value : CelValue.Error($"no such overload: '{Symbol}' of {CelTypeNames.Of(value)}");
            else if (value.Bool == _isOr) return value;
        }

        return problem ?? CelValue.Of(!_isOr);
    }

    private string Symbol => _isOr ? "||" : "&&";
}

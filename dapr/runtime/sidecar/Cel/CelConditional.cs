namespace HmsMesh.Sidecar.Cel;

/// <summary><c>condition ? a : b</c>; the branch that is not taken is not evaluated.</summary>
internal sealed class CelConditional : CelNode
{
    private readonly CelNode _condition;
    private readonly CelNode _whenTrue;
    private readonly CelNode _whenFalse;

    public CelConditional(int position, CelNode condition, CelNode whenTrue, CelNode whenFalse)
        : base(position)
    {
        (_condition, _whenTrue, _whenFalse) = (condition, whenTrue, whenFalse);
        Depth = DeepestOf([condition, whenTrue, whenFalse]) + 1;
    }

    public override CelType Check(CelChecker checker)
    {
        var condition = _condition.Check(checker);
        if (!condition.IsDyn && condition != CelType.Bool) throw new CelSyntaxException(_condition.Position, $"a condition is bool, not {condition}");
        var (a, b) = (_whenTrue.Check(checker), _whenFalse.Check(checker));
        return CelType.Unify(a, b) ?? throw new CelSyntaxException(Position, $"both branches of '?' need one type, not {a} and {b}");
    }

    public override CelValue Evaluate(CelContext context)
    {
        if (!context.Pay()) return CelContext.TooCostly();
        var condition = _condition.Evaluate(context);
        if (condition.Kind == CelKind.Bool) return (condition.Bool ? _whenTrue : _whenFalse).Evaluate(context);
        return condition.IsError ? condition : CelValue.Error($"no such overload: a condition of {CelTypeNames.Of(condition)}");
    }
}

namespace HmsMesh.Sidecar.Cel;

/// <summary>A part of an expression: checked once, then evaluated as often as events come.</summary>
internal abstract class CelNode(int position)
{
    public int Position { get; } = position;

    /// <summary>Levels under and with this one.</summary>
    public int Depth { get; protected init; } = 1;

    /// <summary>Resolves names and functions, and tells the type.</summary>
    public abstract CelType Check(CelChecker checker);

    public abstract CelValue Evaluate(CelContext context);

    protected static int DeepestOf(IEnumerable<CelNode> nodes) => nodes.Select(n => n.Depth).DefaultIfEmpty(0).Max();
}

namespace HmsMesh.Sidecar.Cel;

internal sealed class CelListLiteral : CelNode
{
    private readonly CelNode[] _elements;

    public CelListLiteral(int position, IEnumerable<CelNode> elements)
        : base(position)
    {
        _elements = [.. elements];
        Depth = DeepestOf(_elements) + 1;
    }

    public override CelType Check(CelChecker checker)
    {
        CelType? joined = null;
        foreach (var element in _elements) joined = CelType.Join(joined, element.Check(checker));
        return CelType.List(joined ?? CelType.Dyn);
    }

    public override CelValue Evaluate(CelContext context)
    {
        if (!context.Pay(_elements.Length)) return CelContext.TooCostly();
        var values = new CelValue[_elements.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = _elements[i].Evaluate(context);
            if (values[i].IsError) return values[i];
        }

        return CelValue.Of(values);
    }
}

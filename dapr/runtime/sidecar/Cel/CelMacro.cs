namespace HmsMesh.Sidecar.Cel;

/// <summary><c>all, exists, exists_one, filter, map</c>: over the elements of a list or the keys of a map.</summary>
internal sealed class CelMacro : CelNode
{
    private readonly CelMacroKind _kind;
    private readonly CelNode _range;
    private readonly string _name;
    private readonly CelNode? _predicate;
    private readonly CelNode? _transform;
    private int _slot;

    public CelMacro(int position, CelMacroKind kind, CelNode range, string name, CelNode? predicate, CelNode? transform)
        : base(position)
    {
        (_kind, _range, _name, _predicate, _transform) = (kind, range, name, predicate, transform);
        Depth = Math.Max(range.Depth, Math.Max(predicate?.Depth ?? 0, transform?.Depth ?? 0)) + 1;
    }

    public override CelType Check(CelChecker checker)
    {
        var range = _range.Check(checker);
        if (!range.IsDyn && !range.IsList && !range.IsMap) throw new CelSyntaxException(_range.Position, $"{range} is no list and no map");
        var element = range.First ?? CelType.Dyn;
        (_slot, var transformed) = checker.Within(_name, element, () =>
        {
            var type = _predicate?.Check(checker) ?? CelType.Bool;
            if (!type.IsDyn && type != CelType.Bool) throw new CelSyntaxException(_predicate!.Position, $"a predicate is bool, not {type}");
            return _transform?.Check(checker);
        });
        return _kind switch
        {
            CelMacroKind.Filter => CelType.List(element),
            CelMacroKind.Map => CelType.List(transformed!),
            _ => CelType.Bool,
        };
    }

    public override CelValue Evaluate(CelContext context)
    {
        var range = _range.Evaluate(context);
        if (range.IsError) return range;
        if (range.Kind is not (CelKind.List or CelKind.Map)) return CelValue.Error($"no such overload: {CelTypeNames.Of(range)} is no list and no map");
        var fold = new CelFold(_kind);
        foreach (var element in CelCollections.Items(range))
        {
            if (!context.Pay()) return CelContext.TooCostly();
            context.Slots[_slot] = element;
            var holds = _predicate?.Evaluate(context) ?? CelValue.True;
            if (context.IsExhausted) return CelContext.TooCostly();
            if (holds.Kind != CelKind.Bool && !holds.IsError) holds = CelValue.Error($"no such overload: a predicate of {CelTypeNames.Of(holds)}");
            var value = holds.IsTrue && _transform is not null ? _transform.Evaluate(context) : element;
            if (fold.Take(holds, value)) break;
        }

        return fold.Result();
    }
}

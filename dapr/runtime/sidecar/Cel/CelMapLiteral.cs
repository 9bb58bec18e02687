namespace HmsMesh.Sidecar.Cel;

internal sealed class CelMapLiteral : CelNode
{
    private readonly (CelNode Key, CelNode Value)[] _entries;

    public CelMapLiteral(int position, IEnumerable<(CelNode Key, CelNode Value)> entries)
        : base(position)
    {
        _entries = [.. entries];
        Depth = DeepestOf(_entries.SelectMany(e => new[] { e.Key, e.Value })) + 1;
    }

    public override CelType Check(CelChecker checker)
    {
        CelType? keys = null;
        CelType? values = null;
        foreach (var (key, value) in _entries)
        {
            var type = key.Check(checker);
            if (!type.IsDyn && type != CelType.Int && type != CelType.Uint && type != CelType.Bool && type != CelType.String)
                throw new CelSyntaxException(key.Position, $"a map's key is int, uint, bool or string, not {type}");
            keys = CelType.Join(keys, type);
            values = CelType.Join(values, value.Check(checker));
        }

        return CelType.Map(keys ?? CelType.Dyn, values ?? CelType.Dyn);
    }

    public override CelValue Evaluate(CelContext context)
    {
        if (!context.Pay(_entries.Length)) return CelContext.TooCostly();
        var map = new CelMap(_entries.Length);
        foreach (var (keyNode, valueNode) in _entries)
        {
            var key = keyNode.Evaluate(context);
            if (key.IsError) return key;
            if (key.Kind is not (CelKind.Int or CelKind.Uint or CelKind.Bool or CelKind.String))
                return CelValue.Error($"unsupported key type: {CelTypeNames.Of(key)}");
            var value = valueNode.Evaluate(context);
            if (value.IsError) return value;
            if (!map.TryAdd(key, value)) return CelValue.Error("a map with a key that is there twice");
        }

        return CelValue.Of(map);
    }
}

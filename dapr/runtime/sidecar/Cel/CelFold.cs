namespace HmsMesh.Sidecar.Cel;

/// <summary>What a macro makes of its elements, one after another.</summary>
internal sealed class CelFold(CelMacroKind kind)
{
    private readonly List<CelValue> _values = [];
    private CelValue? _problem;
    private bool _decided;
    private int _matches;

    /// <summary>Takes one element's predicate and value; true where the rest changes nothing.</summary>
    public bool Take(in CelValue holds, in CelValue value)
    {
        if (holds.IsError)
        {
            _problem ??= holds;
            return kind is not (CelMacroKind.All or CelMacroKind.Exists);
        }

        switch (kind)
        {
            case CelMacroKind.All:
                return _decided = holds.IsFalse;
            case CelMacroKind.Exists:
                return _decided = holds.IsTrue;
            case CelMacroKind.ExistsOne:
                _matches += holds.IsTrue ? 1 : 0;
                return false;
            default:
                if (holds.IsFalse) return false;
                if (value.IsError) _problem ??= value;
                else _values.Add(value);
                return value.IsError;
        }
    }

    public CelValue Result() => kind switch
    {
        CelMacroKind.All => _decided ? CelValue.False : _problem ?? CelValue.True,
        CelMacroKind.Exists => _decided ? CelValue.True : _problem ?? CelValue.False,
        CelMacroKind.ExistsOne => _problem ?? CelValue.Of(_matches == 1),
        _ => _problem ?? CelValue.Of(_values.ToArray()),
    };
}

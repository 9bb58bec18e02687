namespace HmsMesh.Sidecar.Cel;

/// <summary>A map made by an expression. Keys are int, uint, bool or string; numbers that are equal are one key, whatever their type.</summary>
internal sealed class CelMap
{
    private readonly Dictionary<object, CelValue> _values;
    private readonly List<CelValue> _keys;

    public CelMap(int capacity)
    {
        _values = new Dictionary<object, CelValue>(capacity);
        _keys = new List<CelValue>(capacity);
    }

    public int Count => _keys.Count;

    public IReadOnlyList<CelValue> Keys => _keys;

    /// <summary>False where the key is there already.</summary>
    public bool TryAdd(in CelValue key, in CelValue value)
    {
        if (!TryNormalize(key, out var normal) || !_values.TryAdd(normal, value)) return false;
        _keys.Add(key);
        return true;
    }

    public bool TryGet(in CelValue key, out CelValue value)
    {
        value = default;
        return TryNormalize(key, out var normal) && _values.TryGetValue(normal, out value);
    }

    /// <summary>A key's form for the dictionary: whole numbers in the range of int as long, above it as ulong.</summary>
    private static bool TryNormalize(in CelValue key, out object normal)
    {
        normal = key.Kind switch
        {
            CelKind.String => key.Text,
            CelKind.Bool => key.Bool,
            CelKind.Int => key.Int,
            CelKind.Uint => key.Uint <= long.MaxValue ? (long)key.Uint : key.Uint,
            CelKind.Double when CelNumbers.TryToInt(key.Double, out var whole) && double.IsInteger(key.Double) => whole,
            CelKind.Double when CelNumbers.TryToUint(key.Double, out var whole) && double.IsInteger(key.Double) => whole,
            _ => string.Empty,
        };
        return key.Kind is CelKind.String or CelKind.Bool or CelKind.Int or CelKind.Uint || key.Kind == CelKind.Double && normal is not string;
    }
}

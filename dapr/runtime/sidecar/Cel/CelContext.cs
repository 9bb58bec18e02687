namespace HmsMesh.Sidecar.Cel;

/// <summary>One evaluation: the values of its variables, and what it may still cost.</summary>
internal sealed class CelContext(CelValue[] slots)
{
    private int _left = CelLimits.MaxCost;

    public CelValue[] Slots { get; } = slots;

    /// <summary>True once the cost limit is passed; the evaluation then ends in an error that nothing absorbs.</summary>
    public bool IsExhausted => _left < 0;

    /// <summary>Pays for one step and for what it handles; false where that is over the limit.</summary>
    public bool Pay(int size = 0)
    {
        _left -= 1 + size / CelLimits.UnitSize;
        return _left >= 0;
    }

    public static CelValue TooCostly() => CelValue.Error($"the expression takes more than {CelLimits.MaxCost} steps");
}

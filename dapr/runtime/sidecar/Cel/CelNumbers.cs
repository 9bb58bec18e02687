namespace HmsMesh.Sidecar.Cel;

/// <summary>Numbers of different types on one number line, and conversions that know their range.</summary>
internal static class CelNumbers
{
    private const double TwoTo63 = 9223372036854775808.0;
    private const double TwoTo64 = 18446744073709551616.0;

    /// <summary>Truncates toward zero. The least and the greatest int are out of range, as the language has it.</summary>
    public static bool TryToInt(double value, out long result)
    {
        var inRange = value is > -TwoTo63 and < TwoTo63;
        result = inRange ? (long)value : 0;
        return inRange;
    }

    public static bool TryToUint(double value, out ulong result)
    {
        var inRange = value is >= 0 and < TwoTo64;
        result = inRange ? (ulong)value : 0;
        return inRange;
    }

    /// <summary>Null where one of them is NaN. Beside a double an int is compared as one, with a double's precision, as daprd does.</summary>
    public static int? Compare(in CelValue a, in CelValue b) => (a.Kind, b.Kind) switch
    {
        (CelKind.Int, CelKind.Int) => a.Int.CompareTo(b.Int),
        (CelKind.Uint, CelKind.Uint) => a.Uint.CompareTo(b.Uint),
        (CelKind.Int, CelKind.Uint) => a.Int < 0 ? -1 : ((ulong)a.Int).CompareTo(b.Uint),
        (CelKind.Uint, CelKind.Int) => b.Int < 0 ? 1 : a.Uint.CompareTo((ulong)b.Int),
        (CelKind.Double, CelKind.Double) => Compare(a.Double, b.Double),
        (CelKind.Double, CelKind.Int) => Compare(a.Double, (double)b.Int),
        (CelKind.Int, CelKind.Double) => Compare((double)a.Int, b.Double),
        (CelKind.Double, CelKind.Uint) => Compare(a.Double, (double)b.Uint),
        (CelKind.Uint, CelKind.Double) => Compare((double)a.Uint, b.Double),
        _ => null,
    };

    private static int? Compare(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? null : a < b ? -1 : a > b ? 1 : 0;
}

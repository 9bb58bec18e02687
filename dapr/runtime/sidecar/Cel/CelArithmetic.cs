namespace HmsMesh.Sidecar.Cel;

/// <summary>Arithmetic of one type at a time. What leaves the range of int or uint is an error.</summary>
internal static class CelArithmetic
{
    private static readonly CelValue Overflow = CelValue.Error("integer overflow");

    public static CelValue Not(CelContext context, in CelValue a) => a.Kind == CelKind.Bool ? CelValue.Of(!a.Bool) : CelLibrary.Mismatch("!_", a);

    public static CelValue Negate(CelContext context, in CelValue a) => a.Kind switch
    {
        CelKind.Int => a.Int == long.MinValue ? Overflow : CelValue.Of(-a.Int),
        CelKind.Double => CelValue.Of(-a.Double),
        _ => CelLibrary.Mismatch("-_", a),
    };

    public static CelValue Add(CelContext context, in CelValue a, in CelValue b)
    {
        switch (a.Kind, b.Kind)
        {
            case (CelKind.Int, CelKind.Int):
                var sum = unchecked(a.Int + b.Int);
                return ((a.Int ^ sum) & (b.Int ^ sum)) < 0 ? Overflow : CelValue.Of(sum);
            case (CelKind.Uint, CelKind.Uint):
                return a.Uint > ulong.MaxValue - b.Uint ? Overflow : CelValue.Of(a.Uint + b.Uint);
            case (CelKind.Double, CelKind.Double):
                return CelValue.Of(a.Double + b.Double);
            case (CelKind.String, CelKind.String):
                return Paid(context, a, b) ? CelValue.Of(string.Concat(a.Text, b.Text)) : CelContext.TooCostly();
            case (CelKind.Bytes, CelKind.Bytes):
                return Paid(context, a, b) ? CelValue.Of([.. a.Bytes, .. b.Bytes]) : CelContext.TooCostly();
            case (CelKind.List, CelKind.List):
                return Paid(context, a, b) ? CelValue.Of([.. CelCollections.Items(a), .. CelCollections.Items(b)]) : CelContext.TooCostly();
            case (CelKind.Duration, CelKind.Duration):
                return CelTime.Duration((Int128)a.Nanoseconds + b.Nanoseconds);
            case (CelKind.Timestamp, CelKind.Duration):
                return CelTime.Shift(a, b.Nanoseconds);
            case (CelKind.Duration, CelKind.Timestamp):
                return CelTime.Shift(b, a.Nanoseconds);
            default:
                return CelLibrary.Mismatch("_+_", a, b);
        }
    }

    public static CelValue Subtract(CelContext context, in CelValue a, in CelValue b)
    {
        switch (a.Kind, b.Kind)
        {
            case (CelKind.Int, CelKind.Int):
                var difference = unchecked(a.Int - b.Int);
                return ((a.Int ^ b.Int) & (a.Int ^ difference)) < 0 ? Overflow : CelValue.Of(difference);
            case (CelKind.Uint, CelKind.Uint):
                return a.Uint < b.Uint ? Overflow : CelValue.Of(a.Uint - b.Uint);
            case (CelKind.Double, CelKind.Double):
                return CelValue.Of(a.Double - b.Double);
            case (CelKind.Duration, CelKind.Duration):
                return CelTime.Duration((Int128)a.Nanoseconds - b.Nanoseconds);
            case (CelKind.Timestamp, CelKind.Duration):
                return CelTime.Shift(a, -(Int128)b.Nanoseconds);
            case (CelKind.Timestamp, CelKind.Timestamp):
                return CelTime.Duration(((Int128)a.Seconds - b.Seconds) * CelTime.Second + a.Nanos - b.Nanos);
            default:
                return CelLibrary.Mismatch("_-_", a, b);
        }
    }

    public static CelValue Multiply(CelContext context, in CelValue a, in CelValue b)
    {
        switch (a.Kind, b.Kind)
        {
            case (CelKind.Int, CelKind.Int):
                var high = Math.BigMul(a.Int, b.Int, out var low);
                return high == low >> 63 ? CelValue.Of(low) : Overflow;
            case (CelKind.Uint, CelKind.Uint):
                return Math.BigMul(a.Uint, b.Uint, out var product) == 0 ? CelValue.Of(product) : Overflow;
            case (CelKind.Double, CelKind.Double):
                return CelValue.Of(a.Double * b.Double);
            default:
                return CelLibrary.Mismatch("_*_", a, b);
        }
    }

    public static CelValue Divide(CelContext context, in CelValue a, in CelValue b) => (a.Kind, b.Kind) switch
    {
        (CelKind.Int, CelKind.Int) when b.Int == 0 => CelValue.Error("division by zero"),
        (CelKind.Int, CelKind.Int) => b.Int == -1 && a.Int == long.MinValue ? Overflow : CelValue.Of(a.Int / b.Int),
        (CelKind.Uint, CelKind.Uint) => b.Uint == 0 ? CelValue.Error("division by zero") : CelValue.Of(a.Uint / b.Uint),
        (CelKind.Double, CelKind.Double) => CelValue.Of(a.Double / b.Double),
        _ => CelLibrary.Mismatch("_/_", a, b),
    };

    public static CelValue Remainder(CelContext context, in CelValue a, in CelValue b) => (a.Kind, b.Kind) switch
    {
        (CelKind.Int, CelKind.Int) when b.Int == 0 => CelValue.Error("modulus by zero"),
        (CelKind.Int, CelKind.Int) => b.Int == -1 && a.Int == long.MinValue ? Overflow : CelValue.Of(a.Int % b.Int),
        (CelKind.Uint, CelKind.Uint) => b.Uint == 0 ? CelValue.Error("modulus by zero") : CelValue.Of(a.Uint % b.Uint),
        _ => CelLibrary.Mismatch("_%_", a, b),
    };

    private static bool Paid(CelContext context, in CelValue a, in CelValue b) => context.Pay(a.Weight + b.Weight);
}

using System.Globalization;
using System.Text;

namespace HmsMesh.Sidecar.Cel;

/// <summary><c>int(), uint(), double(), string(), bytes(), bool(), timestamp(), duration(), type()</c>.</summary>
internal static class CelConversions
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static CelValue ToInt(CelContext context, in CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.Int:
                return value;
            case CelKind.Uint:
                return value.Uint <= long.MaxValue ? CelValue.Of((long)value.Uint) : OutOfRange("int");
            case CelKind.Double:
                return CelNumbers.TryToInt(value.Double, out var whole) ? CelValue.Of(whole) : OutOfRange("int");
            case CelKind.Timestamp:
                return CelValue.Of(value.Seconds);
            case CelKind.Duration:
                return CelValue.Of(value.Nanoseconds);
            case CelKind.String:
                return long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read) ? CelValue.Of(read) : Unreadable("int");
            default:
                return CelLibrary.Mismatch("int", value);
        }
    }

    public static CelValue ToUint(CelContext context, in CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.Uint:
                return value;
            case CelKind.Int:
                return value.Int >= 0 ? CelValue.Of((ulong)value.Int) : OutOfRange("uint");
            case CelKind.Double:
                return CelNumbers.TryToUint(value.Double, out var whole) ? CelValue.Of(whole) : OutOfRange("uint");
            case CelKind.String:
                return ulong.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? CelValue.Of(read) : Unreadable("uint");
            default:
                return CelLibrary.Mismatch("uint", value);
        }
    }

    public static CelValue ToDouble(CelContext context, in CelValue value) => value.Kind switch
    {
        CelKind.Double => value,
        CelKind.Int => CelValue.Of((double)value.Int),
        CelKind.Uint => CelValue.Of((double)value.Uint),
        CelKind.String => ParseDouble(value.Text),
        _ => CelLibrary.Mismatch("double", value),
    };

    public static CelValue ToText(CelContext context, in CelValue value)
    {
        switch (value.Kind)
        {
            case CelKind.String:
                return value;
            case CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.Bool or CelKind.Timestamp or CelKind.Duration:
                return CelValue.Of(Shown(value));
            case CelKind.Bytes:
                try
                {
                    return CelValue.Of(Utf8.GetString(value.Bytes));
                }
                catch (DecoderFallbackException)
                {
                    return CelValue.Error("bytes that are not UTF-8");
                }

            default:
                return CelLibrary.Mismatch("string", value);
        }
    }

    public static CelValue ToBytes(CelContext context, in CelValue value) => value.Kind switch
    {
        CelKind.Bytes => value,
        CelKind.String => CelValue.Of(Encoding.UTF8.GetBytes(value.Text)),
        _ => CelLibrary.Mismatch("bytes", value),
    };

    public static CelValue ToBool(CelContext context, in CelValue value) => value.Kind switch
    {
        CelKind.Bool => value,
        CelKind.String when value.Text is "1" or "t" or "T" or "true" or "TRUE" or "True" => CelValue.True,
        CelKind.String when value.Text is "0" or "f" or "F" or "false" or "FALSE" or "False" => CelValue.False,
        CelKind.String => Unreadable("bool"),
        _ => CelLibrary.Mismatch("bool", value),
    };

    public static CelValue ToTimestamp(CelContext context, in CelValue value) => value.Kind switch
    {
        CelKind.Timestamp => value,
        CelKind.Int => CelTime.Timestamp(value.Int),
        CelKind.String => CelTime.ParseTimestamp(value.Text),
        _ => CelLibrary.Mismatch("timestamp", value),
    };

    public static CelValue ToDuration(CelContext context, in CelValue value) => value.Kind switch
    {
        CelKind.Duration => value,
        CelKind.Int => CelValue.Duration(value.Int),
        CelKind.String => CelTime.ParseDuration(value.Text),
        _ => CelLibrary.Mismatch("duration", value),
    };

    public static CelValue TypeOf(CelContext context, in CelValue value) => CelValue.TypeNamed(CelTypeNames.Of(value));

    public static CelValue ToDyn(CelContext context, in CelValue value) => value;

    /// <summary>A scalar as text.</summary>
    public static string Shown(in CelValue value) => value.Kind switch
    {
        CelKind.Bool => value.Bool ? "true" : "false",
        CelKind.Int => value.Int.ToString(CultureInfo.InvariantCulture),
        CelKind.Uint => value.Uint.ToString(CultureInfo.InvariantCulture),
        CelKind.Double => Shown(value.Double),
        CelKind.String => value.Text,
        CelKind.Timestamp or CelKind.Duration => CelTime.Text(value),
        _ => CelTypeNames.Of(value),
    };

    /// <summary>The shortest digits that read back the same; with an exponent below 1e-4 and from 1e6 on, as daprd prints it.</summary>
    private static string Shown(double value)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "+Inf" : "-Inf";
        if (value == 0) return double.IsNegative(value) ? "-0" : "0";
        var parts = value.ToString("E16", CultureInfo.InvariantCulture);
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var exponent = int.Parse(parts.AsSpan(parts.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var digits = Digits(shortest);
        var sign = value < 0 ? "-" : string.Empty;
        if (exponent is < -4 or >= 6)
        {
            var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        if (digits.Length <= exponent + 1) return sign + digits.PadRight(exponent + 1, '0');
        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    private static string Digits(string shortest)
    {
        var end = shortest.IndexOf('E', StringComparison.Ordinal);
        var mantissa = end < 0 ? shortest : shortest[..end];
        var digits = mantissa.Replace("-", string.Empty, StringComparison.Ordinal).Replace(".", string.Empty, StringComparison.Ordinal).Trim('0');
        return digits.Length == 0 ? "0" : digits;
    }

    private static CelValue ParseDouble(string text)
    {
        switch (text.TrimStart('+', '-').ToUpperInvariant())
        {
            case "INF" or "INFINITY": return CelValue.Of(text.StartsWith('-') ? double.NegativeInfinity : double.PositiveInfinity);
            case "NAN": return CelValue.Of(double.NaN);
        }

        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? CelValue.Of(value) : Unreadable("double");
    }

    private static CelValue OutOfRange(string type) => CelValue.Error($"a value out of the range of {type}");

    private static CelValue Unreadable(string type) => CelValue.Error($"a string that is no {type}");
}

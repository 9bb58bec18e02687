using System.Buffers;
using System.Globalization;

namespace HmsMesh.Sidecar.Cel;

/// <summary>Timestamps from year 1 to 9999 and durations of an int64 of nanoseconds: reading, writing, arithmetic.</summary>
internal static class CelTime
{
    public const long Second = 1_000_000_000;
    private const long FirstSecond = -62_135_596_800;
    private const long LastSecond = 253_402_300_799;

    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789.");

    private static readonly (string Name, long Nanoseconds)[] Units =
    [
        ("ns", 1), ("us", 1_000), ("\u00b5s", 1_000), ("\u03bcs", 1_000), ("ms", 1_000_000), ("s", Second), ("m", 60 * Second), ("h", 3600 * Second),
    ];

    public static CelValue Duration(Int128 nanoseconds) =>
        nanoseconds < long.MinValue || nanoseconds > long.MaxValue
            ? CelValue.Error("duration out of range")
            : CelValue.Duration((long)nanoseconds);

    public static CelValue Timestamp(long seconds, int nanos = 0) =>
        seconds is < FirstSecond or > LastSecond ? CelValue.Error("timestamp out of range") : CelValue.Timestamp(seconds, nanos);

    public static CelValue Shift(in CelValue timestamp, Int128 nanoseconds)
    {
        var total = (Int128)timestamp.Seconds * Second + timestamp.Nanos + nanoseconds;
        var nanos = (int)(total % Second);
        if (nanos < 0) nanos += (int)Second;
        return Timestamp((long)((total - nanos) / Second), nanos);
    }

    /// <summary>RFC 3339.</summary>
    public static CelValue ParseTimestamp(string text)
    {
        var invalid = CelValue.Error("a timestamp is as RFC 3339 has it, such as 2026-01-31T12:00:00Z");
        if (text.Length is < 20 or > 64) return invalid;
        var at = 19;
        var nanos = 0;
        if (text[at] == '.')
        {
            var digits = text.AsSpan(++at);
            var count = digits.IndexOfAnyExceptInRange('0', '9');
            if (count < 1) return invalid;
            for (var i = 0; i < 9; i++) nanos = nanos * 10 + (i < count ? digits[i] - '0' : 0);
            at += count;
        }

        var zone = text.AsSpan(at);
        var offset = zone is "Z" ? 0 : Offset(zone);
        return offset is not null && DateTime.TryParseExact(
            text.AsSpan(0, 19), "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? Timestamp(time.Ticks / TimeSpan.TicksPerSecond + FirstSecond - offset.Value, nanos)
            : invalid;
    }

    /// <summary>A sequence of numbers with units, such as <c>1h30m</c> or <c>-1.5s</c>.</summary>
    public static CelValue ParseDuration(string text)
    {
        var invalid = CelValue.Error("a duration is a number with a unit of h, m, s, ms, us or ns, such as 1h30m");
        var rest = text.AsSpan();
        var isNegative = rest.StartsWith('-');
        if (rest.Length > 0 && rest[0] is '-' or '+') rest = rest[1..];
        if (rest is "0") return CelValue.Duration(0);
        if (rest.IsEmpty || text.Length > 256) return invalid;
        var total = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(OfNumbers);
            if (digits < 1 || digits > 25) return invalid;
            if (!decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return invalid;
            rest = rest[digits..];
            var letters = rest.IndexOfAny(OfNumbers);
            var unit = letters < 0 ? rest : rest[..letters];
            var nanoseconds = 0L;
            foreach (var (name, size) in Units)
            {
                if (unit.SequenceEqual(name)) nanoseconds = size;
            }

            if (nanoseconds == 0) return invalid;
            if (number > long.MaxValue) return CelValue.Error("duration out of range");
            total += number * nanoseconds;
            if (total > long.MaxValue) return CelValue.Error("duration out of range");
            rest = rest[unit.Length..];
        }

        return Duration((Int128)decimal.Truncate(isNegative ? -total : total));
    }

    public static string Text(in CelValue value)
    {
        if (value.Kind == CelKind.Duration) return ((decimal)value.Nanoseconds / Second).ToString("0.#########", CultureInfo.InvariantCulture) + "s";
        var whole = Clock(value.Seconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        var fraction = value.Nanos.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        return fraction.Length == 0 ? whole + "Z" : $"{whole}.{fraction}Z";
    }

    /// <summary>A part of a timestamp, in UTC or in a time zone.</summary>
    public static CelUnary Getter(string name, Func<DateTime, int, long> ofTime, Func<long, long>? ofDuration = null) =>
        (CelContext context, in CelValue value) => value.Kind switch
        {
            CelKind.Timestamp => CelValue.Of(ofTime(Clock(value.Seconds), value.Nanos)),
            CelKind.Duration when ofDuration is not null => CelValue.Of(ofDuration(value.Nanoseconds)),
            _ => CelLibrary.Mismatch(name, value),
        };

    public static CelBinary ZonedGetter(string name, Func<DateTime, int, long> ofTime) => (CelContext context, in CelValue value, in CelValue zone) =>
    {
        if (value.Kind != CelKind.Timestamp || zone.Kind != CelKind.String) return CelLibrary.Mismatch(name, value, zone);
        if (OffsetIn(zone.Text, value.Seconds) is not { } offset) return CelValue.Error("a time zone that there is none of");
        var local = value.Seconds + offset;
        return local is < FirstSecond or > LastSecond ? CelValue.Error("timestamp out of range") : CelValue.Of(ofTime(Clock(local), value.Nanos));
    };

    private static DateTime Clock(long seconds) => new((seconds - FirstSecond) * TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    private static long? OffsetIn(string zone, long seconds)
    {
        if (zone is "UTC" or "") return 0;
        if (zone.Contains(':', StringComparison.Ordinal)) return Offset(char.IsAsciiDigit(zone[0]) ? "+" + zone : zone);
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? (long)found.GetUtcOffset(Clock(seconds)).TotalSeconds : null;
    }

    /// <summary>Seconds of <c>+hh:mm</c> or <c>-hh:mm</c>.</summary>
    private static long? Offset(ReadOnlySpan<char> text)
    {
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':') return null;
        if (!int.TryParse(text[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) || hours > 23) return null;
        if (!int.TryParse(text[4..6], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) || minutes > 59) return null;
        return (hours * 3600 + minutes * 60) * (text[0] == '-' ? -1L : 1L);
    }
}

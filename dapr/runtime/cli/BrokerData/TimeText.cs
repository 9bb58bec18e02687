using System.Globalization;

namespace HmsMesh.Cli.BrokerData;

/// <summary>A time as a person types it: ISO 8601, how long ago, or a word.</summary>
internal static class TimeText
{
    public const string Help = "ISO 8601 (local where it names no zone), 90s, 10m, 2h or 3d ago, 14:30 of today, now, today, or yesterday";

    public static DateTimeOffset Parse(string text, string option, TimeProvider time)
    {
        var now = time.GetLocalNow();
        var today = Local(now.Date, time);
        return text.Trim().ToLowerInvariant() switch
        {
            "now" => now,
            "today" => today,
            "yesterday" => Local(now.Date.AddDays(-1), time),
            { Length: > 1 } ago when Unit(ago[^1]) is { } unit
                && int.TryParse(ago[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count <= (now - DateTimeOffset.UnixEpoch) / unit => now - (unit * count),
            var clock when TimeOnly.TryParseExact(clock, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var of) =>
                Local(now.Date + of.ToTimeSpan(), time),
            _ => Iso(text, time) ?? throw new MeshException($"{option} '{text}' is no time; give {Help}.", ExitCode.Usage),
        };
    }

    private static DateTimeOffset? Iso(string text, TimeProvider time)
    {
        string[] zoned = ["yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK"];
        string[] bare = ["yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "yyyy-MM-dd"];
        if (DateTime.TryParseExact(text.Trim(), bare, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return Local(local, time);
        return DateTimeOffset.TryParseExact(text.Trim(), zoned, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact) ? exact : null;
    }

    private static DateTimeOffset Local(DateTime at, TimeProvider time) => new(at, time.LocalTimeZone.GetUtcOffset(at));

    private static TimeSpan? Unit(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => null,
    };
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace HmsMesh.Cli.Generate.Model;

/// <summary>Durations as Dapr's files write them, such as 500ms, 1m30s or 24h.</summary>
internal static partial class GoDuration
{
    public static TimeSpan? Parse(string? text)
    {
        if (text is null || text.Length > 32 || !Whole().IsMatch(text))
            return null;
        var total = TimeSpan.Zero;
        foreach (var part in Part().Matches(text).Select(match => match.Groups))
        {
            var amount = double.Parse(part["amount"].Value, CultureInfo.InvariantCulture);
            var unit = part["unit"].Value switch { "ms" => 1, "s" => 1000, "m" => 60_000, _ => 3_600_000 };
            if (amount * unit > TimeSpan.FromDays(3650).TotalMilliseconds)
                return null;
            total += TimeSpan.FromMilliseconds(amount * unit);
        }

        return total;
    }

    public static string Write(TimeSpan time) => time switch
    {
        _ when time.Ticks % TimeSpan.TicksPerHour == 0 && time > TimeSpan.Zero => $"{time.Ticks / TimeSpan.TicksPerHour}h",
        _ when time.Ticks % TimeSpan.TicksPerSecond == 0 => $"{time.Ticks / TimeSpan.TicksPerSecond}s",
        _ => $"{Math.Ceiling(time.TotalMilliseconds)}ms",
    };

    [GeneratedRegex(@"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Whole();

    [GeneratedRegex(@"(?<amount>[0-9]+(\.[0-9]+)?)(?<unit>ms|s|m|h)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Part();
}

using System.Globalization;

namespace HmsMesh.Contracts;

/// <summary>Numbers the events of a subject.</summary>
public static class Sequence
{
    /// <summary>The larger of the last one plus 1 and the time in Unix microseconds, so that a service whose data were reset isn't mute.</summary>
    public static long Next(long last, DateTimeOffset now) => Math.Max(last + 1, Micros(now));

    public static long Micros(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>19 digits: as text they compare as the numbers do.</summary>
    public static string Format(long sequence) => sequence.ToString("D19", CultureInfo.InvariantCulture);
}

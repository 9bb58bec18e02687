namespace HmsMesh.Capacity;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Facility} is low: {BedsFree} beds free, threshold {Threshold}")]
    public static partial void Low(ILogger logger, string facility, int bedsFree, int threshold);

    [LoggerMessage(2, LogLevel.Information, "{Facility} has beds again: {BedsFree} free, threshold {Threshold}")]
    public static partial void Restored(ILogger logger, string facility, int bedsFree, int threshold);
}

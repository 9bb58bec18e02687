namespace HmsMesh.Staffing;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Scheduled {Nurses} nurses for {Facility}: event {EventId}, {Age:F1} ms after it")]
    public static partial void Scheduled(ILogger logger, int nurses, string facility, string eventId, double age);

    [LoggerMessage(2, LogLevel.Information, "Released {Nurses} nurses of {Facility}: event {EventId}, {Age:F1} ms after it")]
    public static partial void Released(ILogger logger, int nurses, string facility, string eventId, double age);
}

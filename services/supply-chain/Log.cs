namespace HmsMesh.SupplyChain;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Diverted {Shipments} shipments for {Facility}: event {EventId}, {Age:F1} ms after it")]
    public static partial void Diverted(ILogger logger, int shipments, string facility, string eventId, double age);

    [LoggerMessage(2, LogLevel.Information, "Resumed {Shipments} shipments for {Facility}: event {EventId}, {Age:F1} ms after it")]
    public static partial void Resumed(ILogger logger, int shipments, string facility, string eventId, double age);
}

namespace HmsMesh.Bank;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The bank's mode is now {Mode}")]
    public static partial void ModeChanged(ILogger logger, string mode);

    [LoggerMessage(2, LogLevel.Information, "Entry {Key} over {Cents} cents was taken into the file of {Day}")]
    public static partial void Taken(ILogger logger, string key, long cents, string day);
}

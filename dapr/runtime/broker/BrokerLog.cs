using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker;

/// <summary>What the broker says. No payloads.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(1, LogLevel.Information, "Broker folder {Folder} is open: {Segments} segments, next offset {Head}, {Consumers} consumers, in {Milliseconds} ms.")]
    public static partial void Opened(ILogger logger, string folder, int segments, long head, int consumers, long milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "Cut {Bytes} bytes of a torn write, acknowledged to nobody, from the end of {File}.")]
    public static partial void CutTornEnd(ILogger logger, long bytes, string file);

    [LoggerMessage(3, LogLevel.Error, "Writing {File} failed; {Count} records are refused, and writing goes on in a new segment.")]
    public static partial void WriteFailed(ILogger logger, Exception exception, string file, int count);

    [LoggerMessage(4, LogLevel.Error, "A new segment in {Folder} could not be made; publishes are refused until one can.")]
    public static partial void RollFailed(ILogger logger, Exception exception, string folder);

    [LoggerMessage(5, LogLevel.Error, "No room for a record: {Problem}")]
    public static partial void NoRoom(ILogger logger, string problem);

    [LoggerMessage(6, LogLevel.Critical, "The writer met what it does not expect; what waited is refused.")]
    public static partial void WriterFailed(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Critical, "{File} is damaged at byte {Position}: {Problem}.")]
    public static partial void Damaged(ILogger logger, string file, long position, string problem);

    [LoggerMessage(8, LogLevel.Warning, "The progress of consumers was not written, and is written again: {Problem}")]
    public static partial void ProgressRefused(ILogger logger, string problem);

    [LoggerMessage(9, LogLevel.Error, "{File} could not be written; damage may be found later than it could be.")]
    public static partial void SideFileFailed(ILogger logger, Exception exception, string file);

    [LoggerMessage(10, LogLevel.Information, "Retention deleted {File}.")]
    public static partial void SegmentDeleted(ILogger logger, string file);

    [LoggerMessage(11, LogLevel.Warning, "Retention could not delete {File}; the next opening will.")]
    public static partial void DeleteFailed(ILogger logger, Exception exception, string file);

    [LoggerMessage(12, LogLevel.Warning, "{Consumer} gave up event {Offset} of {Topic} after {Tries} tries; it goes to {DeadLetterTopic}: {Cause}")]
    public static partial void DeadLettered(ILogger logger, string consumer, long offset, string topic, int tries, string deadLetterTopic, string cause);

    [LoggerMessage(13, LogLevel.Error, "{Consumer} gave up event {Offset} of its own dead letter topic {Topic}; it is dropped: {Cause}")]
    public static partial void DeadLetterDropped(ILogger logger, string consumer, long offset, string topic, string cause);

    [LoggerMessage(14, LogLevel.Error, "The dead letter of event {Offset} for {Consumer} could not be stored and is tried again: {Problem}")]
    public static partial void DeadLetterRefused(ILogger logger, long offset, string consumer, string problem);

    [LoggerMessage(15, LogLevel.Critical, "{Consumer} gets nothing more of {Topic}, as its log can't be read.")]
    public static partial void ConsumerStopped(ILogger logger, Exception exception, string consumer, string topic);

    [LoggerMessage(16, LogLevel.Error, "The retry schedule of {Consumer} on {Topic} failed; its event is tried again in a second.")]
    public static partial void ScheduleFailed(ILogger logger, Exception exception, string consumer, string topic);

    [LoggerMessage(17, LogLevel.Warning, "The broker of {Folder} is open with other options; those asked for now are not used.")]
    public static partial void OtherOptions(ILogger logger, string folder);

    [LoggerMessage(18, LogLevel.Warning, "Process {Pid} was cut off from the broker of {Folder}: {Problem}.")]
    public static partial void PeerCutOff(ILogger logger, int pid, string folder, string problem);

    [LoggerMessage(19, LogLevel.Error, "The socket of {Folder} could not take in another process; it is tried again.")]
    public static partial void AcceptFailed(ILogger logger, Exception exception, string folder);

    [LoggerMessage(20, LogLevel.Error, "The socket of {Folder} can't be opened: other processes can't share its broker.")]
    public static partial void ListenFailed(ILogger logger, Exception exception, string folder);

    [LoggerMessage(21, LogLevel.Information, "Process {Pid} writes the broker of {Folder}; this one shares it.")]
    public static partial void Shares(ILogger logger, int pid, string folder);

    [LoggerMessage(22, LogLevel.Information, "The writer of the broker of {Folder} is gone; this process writes it now, after {Milliseconds} ms.")]
    public static partial void TookOver(ILogger logger, string folder, long milliseconds);

    [LoggerMessage(23, LogLevel.Error, "Nobody can write the broker of {Folder}; it is tried again in {Seconds} s. {Problem}")]
    public static partial void CannotOpen(ILogger logger, string folder, double seconds, string problem);

    [LoggerMessage(24, LogLevel.Error, "Event {Offset} can't be read in {Folder}; it is given back: {Problem}")]
    public static partial void CannotRead(ILogger logger, long offset, string folder, string problem);

    [LoggerMessage(25, LogLevel.Error, "{Consumer} could not be attached to {Topic} again; it is tried again in {Seconds} s. {Problem}")]
    public static partial void NotAttached(ILogger logger, string consumer, string topic, double seconds, string problem);

    [LoggerMessage(26, LogLevel.Error, "{Consumer} does not get event {Offset} of {Topic}: it was lost to damage before the log was repaired.")]
    public static partial void OwedIsLost(ILogger logger, string consumer, long offset, string topic);
}

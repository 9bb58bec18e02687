namespace HmsMesh.Documents;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Document {Document} is kept: {ContentType}, {Bytes} bytes")]
    public static partial void Stored(ILogger logger, string document, string contentType, long bytes);

    [LoggerMessage(2, LogLevel.Information, "A document of citizen {Citizen} is refused after {Bytes} bytes: {Reason}")]
    public static partial void Refused(ILogger logger, string citizen, long bytes, string reason);

    [LoggerMessage(3, LogLevel.Error, "Document {Document} is damaged on disk, and not given out: {Reason}")]
    public static partial void Damaged(ILogger logger, string document, string reason);

    [LoggerMessage(4, LogLevel.Error, "A document cannot be written to {Folder}: {Reason}")]
    public static partial void DiskFailed(ILogger logger, string folder, string reason);

    [LoggerMessage(5, LogLevel.Information, "{Count} files that no document belongs to are removed")]
    public static partial void Swept(ILogger logger, int count);

    [LoggerMessage(6, LogLevel.Error, "Files that no document belongs to could not be removed from {Folder}; it is tried again in a minute")]
    public static partial void SweepFailed(ILogger logger, Exception exception, string folder);
}

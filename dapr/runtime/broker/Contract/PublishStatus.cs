namespace HmsMesh.Broker;

public enum PublishStatus
{
    /// <summary>On disk, covered by an fsync.</summary>
    Stored,

    /// <summary>An event of the same topic, source and id is on disk within the window; nothing was written.</summary>
    Duplicate,

    /// <summary>The log is at its size limit; the problem names the subscriber that lags.</summary>
    Full,

    /// <summary>The disk has no room.</summary>
    DiskFull,

    /// <summary>Writing or syncing failed; nothing of the event counts as accepted.</summary>
    Failed,

    /// <summary>The broker is closing.</summary>
    Closed,

    /// <summary>The event is larger than the broker takes.</summary>
    TooLarge,

    /// <summary>No process that writes the log answered in time: the event may be on disk or not.</summary>
    Unavailable,
}

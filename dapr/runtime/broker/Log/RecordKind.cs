namespace HmsMesh.Broker.Log;

/// <summary>What a record of the log is. The numbers are on disk.</summary>
internal enum RecordKind : byte
{
    None = 0,
    Event = 1,

    /// <summary>The whole state, first in each segment.</summary>
    Snapshot = 2,

    /// <summary>A consumer became known, or its options changed.</summary>
    Consumer = 3,

    /// <summary>How far a consumer got since its last one.</summary>
    Progress = 4,

    /// <summary>A consumer was forgotten.</summary>
    Forgotten = 5,

    /// <summary>Segments before an offset are gone for good.</summary>
    Trimmed = 6,

    /// <summary>An event for one consumer alone, sent again by an operator.</summary>
    Replay = 7,

    /// <summary>A record that was lost to damage; <c>mesh repair</c> put this in its place, so that offsets stay dense.</summary>
    Lost = 8,
}

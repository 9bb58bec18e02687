namespace HmsMesh.Broker;

/// <summary>How an event that was sent again stands.</summary>
public enum ReplayState
{
    /// <summary>Not delivered yet, or under way.</summary>
    Waiting,

    /// <summary>It failed, and comes again.</summary>
    Failed,

    Handled,

    /// <summary>The handler had done it before, and did nothing.</summary>
    AlreadyHandled,

    /// <summary>The app did not want it.</summary>
    Dropped,

    /// <summary>It was given up, and lies in the dead letters.</summary>
    Dead,
}

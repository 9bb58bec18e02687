namespace HmsMesh.Broker;

public enum VerdictKind
{
    Handled,

    /// <summary>Not to be tried again: acknowledged, or dead-lettered where the subscription says so.</summary>
    Dropped,

    /// <summary>Tried again as the schedule says, then dead-lettered.</summary>
    Failed,

    /// <summary>Never to be tried again (no policy would, the event can't be read), and dead-lettered at once like one whose tries are spent.</summary>
    GivenUp,

    /// <summary>Not tried at all (the app is unhealthy, its circuit open, the sidecar is stopping): given back, no try spent.</summary>
    GivenBack,

    /// <summary>Handled, and nothing was done, as it had been handled before.</summary>
    AlreadyHandled,
}

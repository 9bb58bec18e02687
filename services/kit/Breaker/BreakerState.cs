namespace HmsMesh.Kit;

/// <summary>Whether a breaker lets calls through.</summary>
public enum BreakerState
{
    /// <summary>Calls pass.</summary>
    Closed,

    /// <summary>Calls are refused.</summary>
    Open,

    /// <summary>One call is let through to see whether the other side is back.</summary>
    HalfOpen,
}

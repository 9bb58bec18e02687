namespace HmsMesh.Sidecar.PubSub.Subscribing;

[Flags]
internal enum PauseReasons
{
    None = 0,

    /// <summary>The app's health check fails.</summary>
    AppIsUnhealthy = 1,

    /// <summary>The inbound circuit breaker is open.</summary>
    CircuitIsOpen = 2,

    /// <summary>The sidecar ends.</summary>
    Stopping = 4,
}

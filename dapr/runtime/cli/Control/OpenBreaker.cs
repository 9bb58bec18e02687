namespace HmsMesh.Cli.Control;

/// <summary>A circuit breaker of a service's own, before what it calls outside the mesh.</summary>
/// <param name="OnTrial">One call is let through, and decides.</param>
internal sealed record OpenBreaker(string Name, bool OnTrial);

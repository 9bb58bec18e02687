namespace HmsMesh.Cli.Control;

/// <summary>What a service of the kit tells of itself.</summary>
/// <param name="Breakers">Its circuit breakers that are not closed; null where all are.</param>
internal sealed record ServiceStats(EventCounts Events, IReadOnlyList<OpenBreaker>? Breakers);

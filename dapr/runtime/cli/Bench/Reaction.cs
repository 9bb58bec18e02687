namespace HmsMesh.Cli.Bench;

/// <summary>A service's own record of an event: how old it was when its effects were committed.</summary>
internal sealed record Reaction(string Service, string EventId, TimeSpan Age);

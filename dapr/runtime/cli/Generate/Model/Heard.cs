namespace HmsMesh.Cli.Generate.Model;

/// <summary>A topic, or a pattern of topics, that a service hears.</summary>
/// <param name="Messages">The topics whose messages a pattern lists; empty where it takes whatever is said.</param>
internal sealed record Heard(string Pattern, IReadOnlyList<string> Messages, Source Source);

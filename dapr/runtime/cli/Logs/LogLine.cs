namespace HmsMesh.Cli.Logs;

/// <summary>One line that a service, its sidecar or the mesh itself said.</summary>
internal sealed record LogLine(DateTimeOffset Time, string Service, LogSource Source, string Text);

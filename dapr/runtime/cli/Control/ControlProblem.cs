namespace HmsMesh.Cli.Control;

/// <summary>What a running mesh answers where it can't do what was asked.</summary>
internal sealed record ControlProblem(string Error, int ExitCode);

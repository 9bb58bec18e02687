namespace HmsMesh.Cli.Bench;

/// <summary>A message of journey's stream; a heartbeat has neither.</summary>
internal sealed record OptionMessage(string? Facility, bool? CanApply);

namespace HmsMesh.Cli.Chaos.Power;

/// <summary>A publish that was answered.</summary>
internal sealed record Acknowledged(string Topic, int Publisher, string Text, long Offset);

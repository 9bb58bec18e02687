namespace HmsMesh.Cli.Chaos.Power;

/// <summary>An event that a handler got; done where it was handled.</summary>
internal sealed record Handed(string Consumer, long Offset, string Key, string Text, bool Done);

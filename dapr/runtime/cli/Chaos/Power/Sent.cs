namespace HmsMesh.Cli.Chaos.Power;

/// <summary>An event that a publisher hands over: its text begins with RUN/PUBLISHER/NUMBER, its id, and goes on with filling.</summary>
internal sealed record Sent(string Topic, int Publisher, string Text, int Filling);

namespace HmsMesh.Kit;

/// <summary>An event that waits to be sent.</summary>
internal sealed record OutboxRow(string Id, string Topic, string Event);

namespace HmsMesh.Sidecar.Resources;

public sealed record BulkSubscribeOptions(bool Enabled, int MaxMessagesCount, TimeSpan MaxAwaitDuration);

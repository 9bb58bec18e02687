namespace HmsMesh.Sidecar.State;

public sealed record StateItem(ReadOnlyMemory<byte> Value, string ETag, DateTimeOffset? Expires);

namespace HmsMesh.Sidecar.State;

/// <param name="Value">As it was saved: JSON.</param>
/// <param name="ETag">Of this version.</param>
/// <param name="Expires">When it is gone; null: never.</param>
public sealed record StateItem(ReadOnlyMemory<byte> Value, string ETag, DateTimeOffset? Expires);

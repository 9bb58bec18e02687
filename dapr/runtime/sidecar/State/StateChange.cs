namespace HmsMesh.Sidecar.State;

/// <param name="Value">Null: delete.</param>
/// <param name="ETag">The version that must still be there; null with <paramref name="FirstWrite"/>: nothing may be there.</param>
public sealed record StateChange(string Key, ReadOnlyMemory<byte>? Value, string? ETag, bool FirstWrite, TimeSpan? TimeToLive);

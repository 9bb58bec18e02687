namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>An event on its way to the app.</summary>
internal readonly record struct PreparedEvent(ReadOnlyMemory<byte> Data, EventPath Path, string? Id, string? TraceParent);

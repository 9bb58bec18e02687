namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>A CloudEvent as it will be delivered, and what a broker needs to know of it.</summary>
internal readonly record struct Envelope(byte[] Data, string? Source, string? Id, string? Subject, DateTimeOffset? Expires);

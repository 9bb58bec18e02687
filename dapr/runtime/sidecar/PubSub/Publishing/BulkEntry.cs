namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>An entry of a bulk publish.</summary>
/// <param name="Event">The JSON of its event.</param>
/// <param name="Text">The event where it is a text.</param>
/// <param name="Metadata">Null: the entry has none of its own.</param>
internal sealed record BulkEntry(string Id, ReadOnlyMemory<byte> Event, string? Text, string ContentType, IReadOnlyDictionary<string, string>? Metadata);

namespace HmsMesh.Documents.Events;

/// <summary>A document is kept; its content is at <paramref name="Url"/>.</summary>
internal sealed record DocumentStored(string DocumentId, string Url, string Sha256, long Bytes, string ContentType, string Citizen);

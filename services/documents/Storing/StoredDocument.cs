namespace HmsMesh.Documents.Storing;

/// <summary>What the citizen is told of a document that is kept.</summary>
internal sealed record StoredDocument(string Url, string Sha256, long Bytes, string ContentType);

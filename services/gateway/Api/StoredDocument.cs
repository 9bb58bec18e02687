namespace HmsMesh.Gateway.Api;

/// <summary>A document as it was stored.</summary>
internal sealed record StoredDocument(string Url, string Sha256, long Bytes, string ContentType);

namespace HmsMesh.Journey.Page;

/// <summary>One file of the page.</summary>
internal sealed record Asset(string Name, string Path, string ContentType, byte[] Content);

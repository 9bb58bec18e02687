namespace HmsMesh.Gateway.Portal;

/// <summary>One file of the portal.</summary>
internal sealed record Asset(string ContentType, string Tag, byte[] Content);

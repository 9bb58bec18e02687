namespace HmsMesh.Conformance.Running;

/// <summary>A request that a scripted app got.</summary>
internal sealed record AppRequest(
    long At, string Method, string Path, string Query, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body);

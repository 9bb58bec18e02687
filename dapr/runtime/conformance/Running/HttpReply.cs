namespace HmsMesh.Conformance.Running;

/// <summary>An answer of a sidecar or an app.</summary>
internal sealed record HttpReply(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body);

namespace HmsMesh.Sidecar.PubSub.Contracts;

/// <summary>A contract file as it was when it was looked at; another time or size is another content.</summary>
internal sealed record ContractFile(string Path, DateTime Written, long Length);

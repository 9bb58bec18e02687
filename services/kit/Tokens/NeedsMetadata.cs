namespace HmsMesh.Kit;

/// <summary>What a token must allow for an endpoint to be called.</summary>
internal sealed record NeedsMetadata(string Scope);

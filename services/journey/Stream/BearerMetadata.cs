namespace HmsMesh.Journey.Stream;

/// <summary>Of two endpoints at one address: the one for callers with a token, or the one for callers without.</summary>
internal sealed record BearerMetadata(bool WithToken);

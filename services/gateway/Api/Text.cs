namespace HmsMesh.Gateway.Api;

/// <summary>A text in both languages.</summary>
internal sealed record Text(string En, string Es);

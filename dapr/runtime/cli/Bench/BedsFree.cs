using System.Text.Json.Serialization;

namespace HmsMesh.Cli.Bench;

/// <summary>The data of both events.</summary>
internal sealed record BedsFree(string Facility, [property: JsonPropertyName("bedsFree")] int Beds);

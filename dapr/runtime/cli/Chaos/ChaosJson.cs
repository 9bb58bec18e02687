using System.Text.Json.Serialization;
using HmsMesh.Cli.Chaos.Power;

namespace HmsMesh.Cli.Chaos;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PowerCounts))]
internal sealed partial class ChaosJson : JsonSerializerContext;

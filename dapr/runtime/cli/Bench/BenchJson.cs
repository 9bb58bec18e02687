using System.Text.Json.Serialization;

namespace HmsMesh.Cli.Bench;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(BedsFree))]
[JsonSerializable(typeof(OptionMessage))]
internal sealed partial class BenchJson : JsonSerializerContext;

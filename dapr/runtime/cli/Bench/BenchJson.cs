using System.Text.Json.Serialization;
using HmsMesh.Cli.Bench.Sidecars;

namespace HmsMesh.Cli.Bench;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(BedsFree))]
[JsonSerializable(typeof(OptionMessage))]
[JsonSerializable(typeof(BenchSubscription[]))]
[JsonSerializable(typeof(SidecarReport))]
internal sealed partial class BenchJson : JsonSerializerContext;

using System.Text.Json.Serialization;
using HmsMesh.Cli.Chaos.Disks;
using HmsMesh.Cli.Chaos.Kill;
using HmsMesh.Cli.Chaos.Payout;
using HmsMesh.Cli.Chaos.Power;

namespace HmsMesh.Cli.Chaos;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DiskReport))]
[JsonSerializable(typeof(KillReport))]
[JsonSerializable(typeof(PayoutReport))]
[JsonSerializable(typeof(PostedClaim))]
[JsonSerializable(typeof(PowerCounts))]
internal sealed partial class ChaosJson : JsonSerializerContext;

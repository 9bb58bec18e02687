using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using HmsMesh.Broker;
using HmsMesh.Cli.Browse;
using HmsMesh.Cli.Replay;
using HmsMesh.Cli.Subscribers;
using HmsMesh.Cli.Topics;

namespace HmsMesh.Cli.BrokerData;

/// <summary>What the commands of the broker print for scripts.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(TopicsAnswer))]
[JsonSerializable(typeof(SubscribersAnswer))]
[JsonSerializable(typeof(BrowsedEvent))]
[JsonSerializable(typeof(ReplayAnswer))]
[JsonSerializable(typeof(RepairReport))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class BrokerJson : JsonSerializerContext;

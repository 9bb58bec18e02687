using System.Text.Json.Serialization;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SubscriptionJson[]))]
internal sealed partial class SubscriptionJsonContext : JsonSerializerContext;

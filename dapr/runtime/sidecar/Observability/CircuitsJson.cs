using System.Text.Json.Serialization;

namespace HmsMesh.Sidecar.Observability;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<OpenCircuit>))]
internal sealed partial class CircuitsJson : JsonSerializerContext;
